package usersapi.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The events of {@code events/}, which {@code sam local invoke} reads too. They are about two users, whom the local server
 * creates with {@code -Daws.port}. Events that end something are about the subscriber, so that the others continue to work.
 */
public final class Events {

    /** The external id of the user whom most events are about. */
    public static final String USER = "00112233445566778899aabbccddeeff";

    /** That user's session id. */
    public static final String SESSION = "local-demo-session-id-000000000000000000000";

    /** The external id of the user who has a subscription. */
    public static final String SUBSCRIBER = "ffeeddccbbaa99887766554433221100";

    /** The subscriber's session id. */
    public static final String SUBSCRIBER_SESSION = "local-subscriber-session-id-000000000000000";

    /** The subscriber's named token. */
    public static final String SUBSCRIBER_TOKEN = "local-subscriber-named-token-00000000000000";

    /** The user's checkout. */
    public static final String CHECKOUT = "cs_test_1";

    private Events() {}

    /** The name of a function's event: {@code get-current-user} for {@code GetCurrentUser}. */
    public static String nameOf(Template.Function function) {
        return function.id().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The text of {@code events/NAME.json}. */
    public static String read(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no events/%s.json".formatted(name)));
    }

    /** The text of {@code events/NAME.json} for another user than its own. */
    public static String read(String name, String userId, String sessionId) {
        return read(name).replace(USER, userId).replace(SUBSCRIBER, userId).replace(SESSION, sessionId)
                .replace(SUBSCRIBER_SESSION, sessionId).replace(id(SESSION), id(sessionId))
                .replace(id(SUBSCRIBER_SESSION), id(sessionId));
    }

    /** The id of this cookie's session in the user's list. */
    private static String id(String sessionId) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(sessionId.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** The text of {@code events/NAME.json}, if there is such a file. */
    public static Optional<String> find(String name) {
        var file = Template.projectDirectory().resolve("events").resolve(name + ".json");
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
