package usersapi.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import usersapi.testing.Generator;
import usersapi.testing.Seeded;

/** Malformed HTTP: the server closes the connection or answers in JSON, and continues to serve. */
class MalformedHttpTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger REFUSED = new AtomicInteger();

    private static final CapturedOutput OUTPUT = new CapturedOutput();

    private static SignedIn user;

    @BeforeAll
    static void signIn() {
        user = SignedIn.as("malformed@example.com");
    }

    private static byte[] good() {
        return "PATCH /api/users/settings/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid=%s\r\nX-CSRFToken: %s\r\n%s"
                .formatted(user.session(), user.csrf(), "Content-Length: 13\r\n\r\n{\"tz\": \"UTC\"}")
                .getBytes(ISO_8859_1);
    }

    /** A change of a valid request: a text at some place instead of some bytes. */
    record Damage(int at, int removed, String inserted) {

        byte[] done() {
            var text = new String(good(), ISO_8859_1);
            var from = Math.min(at, text.length());
            return (text.substring(0, from) + inserted + text.substring(Math.min(from + removed, text.length())))
                    .getBytes(ISO_8859_1);
        }
    }

    private static Generator<Damage> damages() {
        var noise = Generator.text(Generator.character('\0', '\u00ff'), 0, 8);
        var tricks = Generator.of("\r\n", "\n", "\r", "\0", " ", "\t", ":", "\r\n\r\n", "HTTP/9.9", "HTTP/1.0\r\n",
                "%",
                "\r\n folded: x", "\r\nTransfer-Encoding: chunked", "\r\nTransfer-Encoding: identity, chunked",
                "\r\nContent-Length: 5", "\r\nContent-Length: -1", "\r\nContent-Length: 99999999999999999999",
                "\r\nContent-Length: 0x0d", "\r\nHost: other.example", "\r\nHost: a b", "\r\nExpect: 100-continue",
                "\r\nExpect: nothing", "\r\nUpgrade: h2c\r\nConnection: Upgrade", "\r\nConnection: close", "é",
                "\r\n: no name", "\r\nno colon", "\r\nX-Long: " + "x".repeat(70_000), "x".repeat(70_000),
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        return Generator.combine(Generator.between(0, 230), Generator.of(0, 0, 0, 1, 20, 300),
                Generator.oneOf(noise, tricks, tricks), Damage::new);
    }

    @Test
    void isRefusedInJsonOrNotAnswered() {
        Seeded.forAll(400, damages(), MalformedHttpTest::send);

        OUTPUT.close();
        assertThat(OUTPUT.text()).doesNotContain(user.session(), user.csrf());
        assertThat(REFUSED).hasValueGreaterThan(100);
        assertThat(user.request("GET", "/api/users/me/").send().status()).as("the server has gone on").isEqualTo(200);
    }

    private static void send(Damage damage) throws IOException {
        var reply = Connection.sendOnly(RunningApi.uri().getPort(), damage.done());

        if (reply.isPresent()) {
            var what = "%s: %d %s".formatted(damage, reply.get().status(), reply.get().body());
            var body = JSON.readTree(reply.get().body());
            assertThat(body.isObject()).as(what).isTrue();
            if (reply.get().isRefusal()) {
                REFUSED.incrementAndGet();
                assertThat(body.path("message").isTextual()).as(what).isTrue();
            }
            // HTTP's statuses for an unsupported encoding and an unsupported version.
            assertThat(reply.get().status() < 500 || List.of(501, 505).contains(reply.get().status())).as(what)
                    .isTrue();
            assertThat(reply.get().body()).doesNotContain(user.session(), user.csrf(), "xception");
        }
    }
}
