package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import usersapi.standin.PrivateFiles;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/** The template's queues with the messages that Lambda sends to them. Nothing receives them, so that a person can look. */
final class Queues {

    /** The path of the queues, followed by a queue's logical id. */
    static final String PREFIX = "/local/queues/";

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> idsByArn = new LinkedHashMap<>();
    private final Map<String, ArrayNode> messages = new LinkedHashMap<>();
    private final Optional<Path> directory;

    /**
     * The queues of a template.
     *
     * @param directory keeps the messages; empty to keep nothing
     */
    Queues(Collection<Template.Queue> queues, Optional<Path> directory) {
        this.directory = directory;
        directory.ifPresent(PrivateFiles::directory);
        for (var queue : queues) {
            idsByArn.put(queue.arn(), queue.id());
            messages.put(queue.id(), directory.map(place -> read(place.resolve(queue.id() + ".json")))
                    .orElseGet(JSON::createArrayNode));
        }
    }

    /**
     * Refuses a destination that is not one of the template's queues.
     *
     * @param where the destination's place in the template
     */
    void require(String where, String arn) {
        if (!idsByArn.containsKey(arn)) {
            throw new UnsupportedTemplateException("%s: %s is not a queue of this template".formatted(where, arn));
        }
    }

    /** Sends a message to the queue of this ARN. */
    synchronized void send(String arn, JsonNode body) {
        var id = idsByArn.get(arn);
        messages.get(id).addObject().put("message_id", UUID.randomUUID().toString())
                .put("sent", Instant.now().toString())
                .set("body", body);
        keep(id);
    }

    /** Shows the messages of the queue that the path names; {@code DELETE} empties it. */
    synchronized Answer answer(Call call) {
        var id = call.path().substring(PREFIX.length());
        if (!messages.containsKey(id)) {
            return Answer.message(404, "There is no such queue; the template has " + messages.keySet());
        }
        return switch (call.method()) {
            case "GET" -> {
                ObjectNode shown = JSON.createObjectNode().put("queue", id);
                shown.set("messages", messages.get(id));
                yield Answer.json(200, shown.toPrettyString() + "\n");
            }
            case "DELETE" -> {
                messages.get(id).removeAll();
                keep(id);
                yield new Answer(204, Map.of(), ByteBuffer.allocate(0));
            }
            default -> Answer.message(404, "Not Found");
        };
    }

    private void keep(String id) {
        directory.ifPresent(place -> {
            try {
                PrivateFiles.write(place.resolve(id + ".json"), messages.get(id).toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static ArrayNode read(Path file) {
        try {
            return Files.exists(file) ? JSON.readValue(file.toFile(), ArrayNode.class) : JSON.createArrayNode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
