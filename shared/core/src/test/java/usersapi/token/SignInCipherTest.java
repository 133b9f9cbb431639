package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.credential.Sha256;
import usersapi.testing.LocalTables;

class SignInCipherTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final byte[] CLEAR = "what the browser keeps".getBytes(StandardCharsets.UTF_8);

    private final SignInCipher cipher = cipher();

    @BeforeEach
    void oneKey() {
        TABLES.putSecret(TABLES.variable("TOKEN_KEY_SECRET"), ring("k1"));
    }

    @Test
    void decryptsWhatItEncrypts() {
        var sealed = cipher.encrypt("context", CLEAR);

        assertThat(cipher.decrypt("context", sealed)).hasValue(CLEAR);
        assertThat(cipher().decrypt("context", sealed)).hasValue(CLEAR);
        assertThat(sealed).isNotEqualTo(cipher.encrypt("context", CLEAR)).matches("[A-Za-z0-9_.-]+");
    }

    @Test
    void nothingDecryptsInAnotherContext() {
        assertThat(cipher.decrypt("other", cipher.encrypt("context", CLEAR))).isEmpty();
    }

    @Test
    void anyChangedCharacterIsNoticed() {
        var sealed = cipher.encrypt("context", CLEAR);

        for (int i = 0; i < sealed.length() - 1; i++) {
            var changed = new StringBuilder(sealed);
            changed.setCharAt(i, sealed.charAt(i) == 'A' ? 'B' : 'A');
            assertThat(cipher.decrypt("context", changed.toString())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "k1", "k1.", "k1.AAAA", "k1.!!!", "k2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "current.AAAA",
            "....", "k1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void aMalformedCiphertextIsEmpty(String presented) {
        assertThat(cipher.decrypt("context", presented)).isEmpty();
    }

    @Test
    void itsKeyIsNotThatOfTheAccessTokens() {
        var token = OpaqueToken.random(new SecureRandom());
        var encrypted = TokenFixture.cipher(TABLES).encrypt("jane", token);

        assertThat(cipher.decrypt("jane\n" + token.sha256(), encrypted)).isEmpty();
    }

    @Test
    void aKeyThatIsNewAtAnotherInstanceIsFetchedHere() {
        cipher.encrypt("context", CLEAR);
        TABLES.putSecret(TABLES.variable("TOKEN_KEY_SECRET"), ring("k9"));
        var sealed = cipher().encrypt("context", CLEAR);
        var later = new SignInCipher(TokenFixture.keyRing(TABLES, Clock.systemUTC()), new SecureRandom());

        assertThat(later.decrypt("context", sealed)).hasValue(CLEAR);
    }

    @Test
    void unknownKeysDoNotHaveTheSecretFetchedEachTime() {
        var fetched = new AtomicInteger();
        var counting = new SignInCipher(new KeyRing(() -> {
            fetched.incrementAndGet();
            return CoreFixture.secretsManager(TABLES);
        }, new TokenKeySecret(TABLES::variable), Clock.systemUTC()), new SecureRandom());

        for (int i = 0; i < 20; i++) {
            assertThat(counting.decrypt("context", "unknown" + i + ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
                    .isEmpty();
        }

        assertThat(fetched).hasValue(1);
    }

    private static SignInCipher cipher() {
        return new SignInCipher(TokenFixture.keyRing(TABLES, Clock.systemUTC()), new SecureRandom());
    }

    private static String ring(String id) {
        return "{\"current\":\"%s\",\"%s\":\"%s\"}".formatted(id, id, Sha256.hex(id));
    }
}
