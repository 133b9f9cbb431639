package usersapi.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Invokes functions by the AWS CLI, with the operator's profile. Both versions of the CLI work. */
final class LambdaCli {

    private static final JsonMapper JSON = new JsonMapper();

    private final Optional<String> endpoint;

    /** Invokes functions at this endpoint, or AWS's own. */
    LambdaCli(Optional<String> endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Invokes a function and returns its answer.
     *
     * @param function its name or ARN; an ARN with an alias invokes that
     * @throws SmokeFailure if it cannot be invoked, or fails
     */
    JsonNode invoke(String function, JsonNode event) {
        try {
            // Only this user can read the directory, because an answer may contain a session.
            var directory = Files.createTempDirectory("smoke-test");
            try {
                return invoke(function, event, directory);
            } finally {
                for (var file : List.of("event", "answer", "said")) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode invoke(String function, JsonNode event, Path directory) throws IOException {
        Files.write(directory.resolve("event"), JSON.writeValueAsBytes(event));
        var said = directory.resolve("said");
        var command = new ArrayList<>(List.of("aws", "lambda", "invoke", "--function-name", function, "--payload",
                "fileb://" + directory.resolve("event"), "--output", "json", "--cli-read-timeout", "120"));
        endpoint.ifPresent(url -> command.addAll(List.of("--endpoint-url", url)));
        command.add(directory.resolve("answer").toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        if (endpoint.isPresent()) {
            // An emulator accepts any credentials, and must not get the operator's.
            builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            builder.environment().putAll(Map.of("AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY",
                    "local", "AWS_DEFAULT_REGION", "us-east-1"));
        }
        int status = await(start(builder));
        if (status != 0) {
            throw new SmokeFailure("%s: the AWS CLI ended with status %d: %s".formatted(function, status,
                    Files.readString(said).strip()));
        }
        if (JSON.readTree(said.toFile()).has("FunctionError")) {
            throw new SmokeFailure(function + ": the function failed; its log says why");
        }
        return JSON.readTree(directory.resolve("answer").toFile());
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new SmokeFailure("The AWS CLI is not on the PATH, or cannot be run", e);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new SmokeFailure("interrupted", e);
        }
    }
}
