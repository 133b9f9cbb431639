package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdTokenTest {

    @RegisterExtension
    static final LoginFixture LOGIN = new LoginFixture();

    private static final RSAKey ANOTHER = TestProvider.rsa("another", 2048);

    private static Arguments claim(String name, Object value, String reason) {
        return Arguments.of(name + "=" + value, (Consumer<Map<String, Object>>) claims -> claims.put(name, value),
                reason);
    }

    private static Arguments without(String name, String reason) {
        return Arguments.of("no " + name, (Consumer<Map<String, Object>>) claims -> claims.remove(name), reason);
    }

    /** A time from when the token is made on. The limits to the second are {@link IdTokenTimesTest}'s. */
    private static Arguments time(String name, long seconds, String reason) {
        return Arguments.of("%s %d s from now".formatted(name, seconds),
                (Consumer<Map<String, Object>>) claims -> claims.put(name, in(seconds)), reason);
    }

    private static long in(long seconds) {
        return Instant.now().plusSeconds(seconds).getEpochSecond();
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.of(claim("iss", "https://evil.example.com", "issuer"), claim("iss", "", "issuer"),
                without("iss", "issuer"), claim("sub", "", "subject"), claim("sub", " ", "subject"),
                claim("sub", "x".repeat(256), "subject"), without("sub", "subject"),
                claim("sub", 42, "subject"), claim("sub", List.of("subject-1"), "subject"),
                claim("aud", "another-client", "audience"), claim("aud", TestProvider.CLIENT + " ", "audience"),
                claim("aud", List.of(TestProvider.CLIENT, "another-client"), "audience"),
                claim("aud", List.of("another-client", TestProvider.CLIENT), "audience"),
                claim("aud", List.of(), "audience"), without("aud", "audience"),
                claim("azp", "another-client", "authorized party"), claim("azp", 1, "authorized party"),
                claim("azp", List.of(TestProvider.CLIENT), "authorized party"), time("exp", -120, "expired"),
                claim("exp", 0L, "expired"), without("exp", "expired"), claim("exp", "tomorrow", "expired"),
                claim("exp", "4000000000", "expired"), claim("exp", -1e300, "expired"),
                time("iat", 120, "issued later"), without("iat", "issued later"),
                time("nbf", 120, "not valid yet"), claim("nbf", 1e300, "not valid yet"),
                claim("nbf", "now", "not valid yet"), claim("iat", 1e300, "issued later"),
                claim("nonce", "another", "nonce"), claim("nonce", "", "nonce"),
                claim("nonce", 1, "nonce"), without("nonce", "nonce"), claim("at_hash", "another", "access token hash"),
                claim("at_hash", "", "access token hash"), claim("at_hash", 1, "access token hash"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongClaims")
    void aTokenWithAWrongClaimIsNotTrusted(String name, Consumer<Map<String, Object>> change, String reason) {
        LOGIN.provider().claims(change);
        var browser = LOGIN.browser();

        var answer = browser.signIn(LOGIN.provider());

        assertThat(answer.error()).isEqualTo("provider_not_trusted");
        assertThat(answer.log().string("reason")).contains("ID token: " + reason);
        assertThat(answer.log().string("outcome")).contains("provider_failed");
        assertThat(browser.cookies()).isEmpty();
        assertThat(LOGIN.profiles()).isEmpty();
    }

    static Stream<Arguments> goodClaims() {
        return Stream.of(time("exp", -30, ""), time("iat", 30, ""), time("iat", -100_000, ""),
                time("nbf", 30, ""), time("nbf", -30, ""), claim("azp", TestProvider.CLIENT, ""),
                claim("aud", List.of(TestProvider.CLIENT), ""), without("at_hash", ""),
                claim("sub", "x".repeat(255), ""), claim("sub", "ünïcode|auth0", ""),
                time("auth_time", -9, ""), claim("something", Map.of("else", List.of(1, 2)), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodClaims")
    void aTokenThatIsRightIsTaken(String name, Consumer<Map<String, Object>> change, String reason) {
        LOGIN.provider().claims(change);

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    private static String header(String header, Map<String, Object> claims) {
        return TestProvider.raw(header, claims, new byte[]{1, 2, 3});
    }

    private static JWSHeader.Builder rs256() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(TestProvider.KEY.getKeyID());
    }

    /** The provider's own key is another one. */
    private static RSAKey another(String id) {
        return new RSAKey.Builder(ANOTHER).keyID(id).build();
    }

    static Stream<Arguments> wrongTokens() throws Exception {
        var stranger = another("key-1");
        var unknown = another("key-2");
        return Stream.of(
                token("none", "not signed", claims -> new PlainJWT(TestProvider.claimsSet(claims)).serialize()),
                token("none in capitals", null, claims -> header("{\"alg\":\"NONE\"}", claims)),
                token("none with a signature", null, claims -> header("{\"alg\":\"none\"}", claims)),
                token("no algorithm", null, claims -> header("{\"kid\":\"key-1\"}", claims)),
                token("HS256 by the public key", "algorithm", IdTokenTest::hmacByThePublicKey),
                token("an algorithm that discovery does not list", "algorithm",
                        claims -> TestProvider.signed(new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("key-1").build(),
                                TestProvider.KEY, claims)),
                token("another key of the same id", "signature",
                        claims -> TestProvider.signed(rs256().build(), stranger, claims)),
                token("an unknown key", "signature",
                        claims -> TestProvider.signed(rs256().keyID("key-2").build(), unknown, claims)),
                token("a key that it brings along", "signature",
                        claims -> TestProvider.signed(rs256().keyID("key-2").jwk(unknown.toPublicJWK()).build(),
                                unknown,
                                claims)),
                token("no signature", null, claims -> {
                    var token = TestProvider.signed(claims);
                    return token.substring(0, token.lastIndexOf('.') + 1);
                }),
                token("a changed payload", "signature", claims -> {
                    var parts = TestProvider.signed(claims).split("\\.", -1);
                    claims.put("sub", "somebody-else");
                    var others = TestProvider.signed(claims).split("\\.", -1);
                    return parts[0] + "." + others[1] + "." + parts[2];
                }),
                token("a critical header", "critical header",
                        claims -> TestProvider.signed(
                                rs256().criticalParams(Set.of("exp")).customParam("exp", 1).build(),
                                TestProvider.KEY, claims)),
                token("an access token", "type",
                        claims -> TestProvider.signed(rs256().type(new JOSEObjectType("at+jwt")).build(),
                                TestProvider.KEY, claims)),
                token("a payload that is no object", null, claims -> {
                    var parts = TestProvider.signed(claims).split("\\.", -1);
                    return parts[0] + "." + TestProvider.base64("[1]".getBytes(StandardCharsets.UTF_8)) + "."
                            + parts[2];
                }),
                token("no token", null, claims -> "nonsense"), token("an empty token", null, claims -> ""));
    }

    private static Arguments token(String name, String reason, Function<Map<String, Object>, String> maker) {
        return Arguments.of(name, reason, maker);
    }

    private static String hmacByThePublicKey(Map<String, Object> claims) {
        try {
            var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(),
                    TestProvider.claimsSet(claims));
            token.sign(new MACSigner(new SecretKeySpec(TestProvider.KEY.toPublicKey().getEncoded(), "HMAC")));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongTokens")
    void aTokenThatIsNotSignedByTheProviderIsRefused(String name, String reason,
            Function<Map<String, Object>, String> maker) {
        // HS256 is refused even if it is listed.
        LOGIN.provider().metadata("id_token_signing_alg_values_supported", List.of("RS256", "HS256", "none"))
                .signer(maker);
        var browser = LOGIN.browser();

        var answer = browser.signIn(LOGIN.provider());

        assertThat(answer.error()).isIn("provider_not_trusted", "provider_unavailable");
        if (reason != null) {
            assertThat(answer.log().string("reason")).contains("ID token: " + reason);
        }
        assertThat(browser.cookies()).isEmpty();
        assertThat(LOGIN.profiles()).isEmpty();
    }

    @Test
    void aProviderThatListsNoAlgorithmIsNotTrusted() {
        LOGIN.provider().metadata("id_token_signing_alg_values_supported", null);

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_not_trusted");
    }

    @Test
    void otherAsymmetricAlgorithmsWillDo() throws Exception {
        var ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        LOGIN.provider().keys(TestProvider.KEY, ec).claims(claims -> claims.remove("at_hash"));

        LOGIN.provider().signer(claims -> signedBy(ec, claims));
        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");

        LOGIN.provider().signer(claims -> TestProvider.signed(
                new JWSHeader.Builder(JWSAlgorithm.PS256).keyID("key-1").build(), TestProvider.KEY, claims));
        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    private static String signedBy(ECKey key, Map<String, Object> claims) {
        try {
            var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                    TestProvider.claimsSet(claims));
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTokenWithoutKeyIdIsTriedWithEachKey() {
        var other = another("other");
        LOGIN.provider().keys(other, TestProvider.KEY).signer(claims -> TestProvider
                .signed(new JWSHeader.Builder(JWSAlgorithm.RS256).build(), TestProvider.KEY, claims));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @Test
    void aKeyForEncryptionSignsNothing() {
        LOGIN.provider().keys(new RSAKey.Builder(TestProvider.KEY).keyUse(KeyUse.ENCRYPTION).build());

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_not_trusted");
    }

    @Test
    void aShortKeySignsNothing() {
        var weak = TestProvider.rsa("weak", 1024);
        LOGIN.provider().keys(weak).signer(claims -> {
            try {
                var token = new SignedJWT(rs256().keyID("weak").build(), TestProvider.claimsSet(claims));
                token.sign(new RSASSASigner(weak.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
                return token.serialize();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).error()).isEqualTo("provider_not_trusted");
    }

    @Test
    void keysThatCannotBeReadDoNotHideTheOthers() {
        var keys = new ArrayList<Object>(List.of(Map.of("kty", "EC", "crv", "P-256", "x", "!", "y", "!", "kid", "bad"),
                Map.of("kty", "unheard-of"), Map.of("kty", "oct", "k", "c2VjcmV0", "kid", "key-1"),
                TestProvider.KEY.toPublicJWK().toJSONObject()));
        LOGIN.provider().at("/keys", exchange -> TestProvider.json(exchange, 200, Map.of("keys", keys)));

        assertThat(LOGIN.browser().signIn(LOGIN.provider()).location()).isEqualTo("/");
    }

    @Test
    void afterARotationTheNewKeyIsFetched() {
        var browser = LOGIN.browser();
        browser.signIn(LOGIN.provider());
        var rotated = another("rotated");
        LOGIN.provider().keys(rotated)
                .signer(claims -> TestProvider.signed(rs256().keyID("rotated").build(), rotated, claims));

        assertThat(browser.signIn(LOGIN.provider()).location()).isEqualTo("/");
        assertThat(LOGIN.provider().count("/keys")).isEqualTo(2);
    }

    @Test
    void unknownKeysCostOneRequest() {
        var browser = LOGIN.browser();
        browser.signIn(LOGIN.provider());
        var stranger = another("stranger");
        for (int i = 0; i < 10; i++) {
            var id = "unknown-" + i;
            LOGIN.provider().signer(claims -> TestProvider.signed(rs256().keyID(id).build(), stranger, claims));

            assertThat(browser.signIn(LOGIN.provider()).error()).isEqualTo("provider_not_trusted");
        }

        assertThat(LOGIN.provider().count("/keys")).isEqualTo(2);
        LOGIN.provider().signer(TestProvider::signed);
        assertThat(browser.signIn(LOGIN.provider()).location()).isEqualTo("/");
    }
}
