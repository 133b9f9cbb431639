package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import usersapi.storage.FileKey;
import usersapi.storage.FileRecord;
import usersapi.storage.FileRepository;

/** A stand-in of the product's file service that only writes its records. */
final class FileService {

    /** The path of the file service, followed by a file's id. */
    static final String PREFIX = "/local/files/";

    private static final JsonMapper JSON = new JsonMapper();

    private final FileRepository files;

    FileService(FileRepository files) {
        this.files = files;
    }

    /**
     * Answers {@code PUT} with {@code {"size", "status"}} and {@code DELETE} of the user's file, and shows a page for the
     * same.
     */
    Answer answer(Call call, String userId) {
        switch (call.method() + " " + call.path()) {
            case "GET " + PREFIX -> {
                return page(200, "");
            }
            case "POST " + PREFIX -> {
                return submitted(call.form(), userId);
            }
            default -> {
                // The other requests name a file in the path.
            }
        }
        String fileId;
        try {
            fileId = URLDecoder.decode(call.path().substring(PREFIX.length()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            fileId = "";
        }
        if (!isId(fileId)) {
            return Answer.message(400, "A file's id has 1 to 200 characters");
        }
        var key = new FileKey(userId, fileId);
        switch (call.method()) {
            case "PUT" -> {
                var record = record(call);
                if (record.isEmpty()) {
                    return Answer.message(400, "The body is not {\"size\": bytes, \"status\": one of "
                            + Arrays.toString(FileRecord.Status.values()) + "}");
                }
                files.put(key, record.get());
            }
            case "DELETE" -> files.delete(key);
            default -> {
                return Answer.message(404, "Not Found");
            }
        }
        return new Answer(204, Map.of(), ByteBuffer.allocate(0));
    }

    private Answer submitted(Map<String, String> form, String userId) {
        var fileId = form.getOrDefault("name", "");
        var megabytes = form.getOrDefault("megabytes", "");
        if (!isId(fileId)) {
            return page(400, "A name has 1 to 200 characters.");
        }
        var key = new FileKey(userId, fileId);
        if (form.containsKey("delete")) {
            files.delete(key);
            return page(200, "%s is deleted.".formatted(fileId));
        }
        if (!megabytes.matches("[0-9]{1,9}")) {
            return page(400, "A size is a number of megabytes, without fraction.");
        }
        files.put(key, new FileRecord(FileRecord.Status.AVAILABLE, Optional.of(Long.parseLong(megabytes) * 1_000_000)));
        return page(200, "%s is uploaded.".formatted(fileId));
    }

    private static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= 200;
    }

    private static Answer page(int status, String message) {
        return Page.of(status, "Files", "files", Map.of("message", message));
    }

    private static Optional<FileRecord> record(Call call) {
        try {
            var body = JSON.readTree(call.body());
            return size(body).flatMap(size -> Arrays.stream(FileRecord.Status.values())
                    .filter(status -> status.name().equals(body.path("status").textValue())).findFirst()
                    .map(status -> new FileRecord(status, Optional.of(size))));
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<Long> size(JsonNode body) {
        var size = body.path("size");
        return size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0
                ? Optional.of(size.longValue())
                : Optional.empty();
    }
}
