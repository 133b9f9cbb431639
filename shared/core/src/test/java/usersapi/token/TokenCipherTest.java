package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.CoreFixture;
import usersapi.credential.OpaqueToken;
import usersapi.credential.Sha256;
import usersapi.secret.MalformedSecretException;
import usersapi.standin.MovingClock;
import usersapi.testing.LocalTables;

class TokenCipherTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final String K1 = Sha256.hex("k1");
    private static final String K2 = Sha256.hex("k2");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final OpaqueToken token = OpaqueToken.random(new SecureRandom());

    @BeforeEach
    void oneKey() {
        ring("{\"current\":\"k1\",\"k1\":\"" + K1 + "\"}");
    }

    @Test
    void decryptsWhatItEncrypts() {
        var cipher = cipher(NOW);

        assertThat(cipher.decrypt("jane", token.sha256(), cipher.encrypt("jane", token))).isEqualTo(token);
        assertThat(cipher.encrypt("jane", token)).startsWith("k1.").doesNotContain(token.value())
                .isNotEqualTo(cipher.encrypt("jane", token));
    }

    @Test
    void isPlainAesGcmThatOthersCanRead() throws Exception {
        var encrypted = cipher(NOW).encrypt("jane", token);

        var bytes = Base64.getUrlDecoder().decode(encrypted.substring(3));
        var key = hkdf(Base64.getDecoder().decode(K1), "usersapi: access tokens at rest, AES-256-GCM");
        var aes = Cipher.getInstance("AES/GCM/NoPadding");
        aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, bytes, 0, 12));
        aes.updateAAD(("jane\n" + token.sha256()).getBytes(StandardCharsets.US_ASCII));
        assertThat(aes.doFinal(bytes, 12, bytes.length - 12)).asString(StandardCharsets.US_ASCII)
                .isEqualTo(token.value());
    }

    /** The first 32 bytes of HKDF-SHA256 without a salt (RFC 5869, section 2). */
    private static byte[] hkdf(byte[] secret, String label) throws GeneralSecurityException {
        var extracted = hmac(new byte[32], secret);
        return hmac(extracted, (label + "\1").getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    /** Computed by another implementation, OpenSSL's, from this key, this nonce, this token and {@code jane}. */
    @Test
    void agreesWithATestVector() {
        var known = new OpaqueToken("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        var vector = "k1.BQUFBQUFBQUFBQUF0xosmkDMnilI1eMytYM57uYxWwBdV0SxUnw5bgM1E2vKsaXlHn6qGwXn4Xu_pBdkNyhQaPcfz7YqZPM";
        var fixedNonce = new TokenCipher(TokenFixture.keyRing(TABLES, Clock.fixed(NOW, ZoneOffset.UTC)),
                CoreFixture.random(() -> {}, 5));

        assertThat(fixedNonce.encrypt("jane", known)).isEqualTo(vector);
        assertThat(cipher(NOW).decrypt("jane", known.sha256(), vector)).isEqualTo(known);
    }

    @Test
    void everyCiphertextHasANonceOfItsOwn() {
        var cipher = cipher(NOW);

        assertThat(Stream.generate(() -> cipher.encrypt("jane", token)).limit(1_000)
                .map(encrypted -> encrypted.substring(0, "k1.".length() + 16))).doesNotHaveDuplicates();
    }

    @Test
    void anotherUsersCiphertextDoesNotDecrypt() {
        var encrypted = cipher(NOW).encrypt("jane", token);

        assertThatIllegalStateException().isThrownBy(() -> cipher(NOW).decrypt("john", token.sha256(), encrypted))
                .withMessageNotContaining(token.value());
    }

    @Test
    void anOlderCiphertextOfTheSameUserDoesNotDecrypt() {
        var older = cipher(NOW).encrypt("jane", OpaqueToken.random(new SecureRandom()));

        assertThatIllegalStateException().isThrownBy(() -> cipher(NOW).decrypt("jane", token.sha256(), older));
    }

    @Test
    void noCharacterOfACiphertextCanChange() {
        var encrypted = cipher(NOW).encrypt("jane", token);
        var cipher = cipher(NOW);
        for (int i = 0; i < encrypted.length() - 1; i++) {
            var tampered = new StringBuilder(encrypted);
            tampered.setCharAt(i, encrypted.charAt(i) == 'A' ? 'B' : 'A');
            assertThatIllegalStateException()
                    .isThrownBy(() -> cipher.decrypt("jane", token.sha256(), tampered.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "k1", "k1.", "k1.AAAA", "k1.!", ".AAAA", "current.AAAA"})
    void aMalformedCiphertextDoesNotDecrypt(String encrypted) {
        assertThatIllegalStateException().isThrownBy(() -> cipher(NOW).decrypt("jane", token.sha256(), encrypted));
    }

    @Test
    void afterARotationOldCiphertextsStillDecryptAndNewOnesUseTheNewKey() {
        var cipher = cipher(NOW);
        var old = cipher.encrypt("jane", token);
        ring("{\"current\":\"k2\",\"k1\":\"" + K1 + "\",\"k2\":\"" + K2 + "\"}");

        assertThat(cipher(NOW).decrypt("jane", token.sha256(), old)).isEqualTo(token);
        assertThat(cipher(NOW).encrypt("jane", token)).startsWith("k2.");
    }

    @Test
    void aKeyThatAnotherInstanceAlreadyUsesIsFetchedWhenItIsMet() {
        var cipher = cipher(NOW);
        cipher.encrypt("jane", token);
        ring("{\"current\":\"k2\",\"k1\":\"" + K1 + "\",\"k2\":\"" + K2 + "\"}");
        var byOther = cipher(NOW).encrypt("jane", token);

        assertThat(cipher.decrypt("jane", token.sha256(), byOther)).isEqualTo(token);
    }

    @Test
    void theKeyRingIsKeptForFiveMinutes() {
        var clock = new MovingClock();
        var cipher = new TokenCipher(TokenFixture.keyRing(TABLES, clock), new SecureRandom());
        assertThat(cipher.encrypt("jane", token)).startsWith("k1.");
        ring("{\"current\":\"k2\",\"k1\":\"" + K1 + "\",\"k2\":\"" + K2 + "\"}");

        clock.forward(299);
        assertThat(cipher.encrypt("jane", token)).startsWith("k1.");
        clock.forward(1);
        assertThat(cipher.encrypt("jane", token)).startsWith("k2.");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "nonsense", "[]", "{}", "{\"current\":\"k1\"}", "{\"k1\":\"LONG\"}",
            "{\"current\":\"k2\",\"k1\":\"LONG\"}", "{\"current\":\"k1\",\"k1\":\"short\"}",
            "{\"current\":\"k1\",\"k1\":5}", "{\"current\":\"current\",\"k1\":\"LONG\"}",
            // 43 characters, and no key: one letter, blanks, a repeated word, something else than base64
            "{\"current\":\"k1\",\"k1\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
            "{\"current\":\"k1\",\"k1\":\"                                           \"}",
            "{\"current\":\"k1\",\"k1\":\"passwordpasswordpasswordpasswordpasswordpas\"}",
            "{\"current\":\"k1\",\"k1\":\"0123456789abcdef0123456789abcdef0123456789abcdef\"}",
            "{\"current\":\"k1\",\"k1\":\"correct horse battery staple, and 43 or more!\"}",
            // a weak key beside a good one that is current
            "{\"current\":\"k2\",\"k2\":\"LONG\",\"k1\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"})
    void aMalformedKeyRingIsRefusedWithoutQuotingIt(String secret) {
        ring(secret.replace("LONG", K1));

        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> cipher(NOW).encrypt("jane", token))
                .withMessageContaining("token key secret").withMessageNotContaining(K1);
    }

    @Test
    void otherMembersThanKeysAreIgnored() {
        ring("""
                {"current": "k1", "k1": "%s", "note": "k0 went on 1 November", "rotated": 1767225600, "by": {"who": "anna"},
                 "earlier": ["k0"], "next": null, "placeholder": ""}"""
                .formatted(K1));

        var cipher = cipher(NOW);
        assertThat(cipher.decrypt("jane", token.sha256(), cipher.encrypt("jane", token))).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vH7+d4Zl/9qkT0bN2yXc8rWmUe5sJp1aGQfL3oKiRzE",
            "vH7+d4Zl/9qkT0bN2yXc8rWmUe5sJp1aGQfL3oKiRzE=",
            "vH7-d4Zl_9qkT0bN2yXc8rWmUe5sJp1aGQfL3oKiRzE="})
    void aKeyMayBeWrittenInEitherAlphabetOfBase64(String key) {
        ring("{\"current\":\"k1\",\"k1\":\"" + key + "\"}");
        var encrypted = cipher(NOW).encrypt("jane", token);

        ring("{\"current\":\"k1\",\"k1\":\"vH7-d4Zl_9qkT0bN2yXc8rWmUe5sJp1aGQfL3oKiRzE\"}");
        assertThat(cipher(NOW).decrypt("jane", token.sha256(), encrypted)).isEqualTo(token);
    }

    @Test
    void theSecretThatTheTemplateGeneratesIsAKeyRing() {
        var secret = TABLES.template().secrets().stream().filter(s -> s.generate().contains("current")).findFirst()
                .orElseThrow();
        for (int i = 0; i < 100; i++) {
            ring(secret.generate());
            assertThat(cipher(NOW).encrypt("jane", token)).startsWith("k1.");
        }
    }

    private static TokenCipher cipher(Instant now) {
        return new TokenCipher(TokenFixture.keyRing(TABLES, Clock.fixed(now, ZoneOffset.UTC)), new SecureRandom());
    }

    private static void ring(String secret) {
        TABLES.putSecret(new TokenKeySecret(TABLES::variable).id(), secret);
    }
}
