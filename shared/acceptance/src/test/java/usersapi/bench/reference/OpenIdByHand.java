package usersapi.bench.reference;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * A sign-in with an OpenID provider, without a library: the code of the callback for an ID token, and the token's signature
 * and claims. It reads JSON by the parser that the SDK has, and keeps the provider's metadata and keys.
 */
public final class OpenIdByHand {

    /** The code verifier of each sign-in, which would be in a cookie. */
    public static final String VERIFIER = "verifier-of-a-sign-in-by-hand-with-43-chars";

    private final String issuer;
    private final String client;
    private final String redirectUri;
    private final String authorization;
    private JsonNode metadata;
    private JsonNode keys;

    /** Signs in by the client of this environment, with this value of its secret. */
    OpenIdByHand(UnaryOperator<String> environment, String secret) {
        issuer = environment.apply("OIDC_ISSUER");
        client = environment.apply("OIDC_CLIENT_ID");
        redirectUri = environment.apply("OIDC_REDIRECT_URI");
        var password = JsonNode.parser().parse(secret).field("client_secret").orElseThrow().asString();
        authorization = "Basic " + Base64.getEncoder().encodeToString((client + ":" + password).getBytes(UTF_8));
    }

    /** The subject of the person who comes back by this request. */
    String subject(APIGatewayProxyRequestEvent callback) {
        try {
            if (keys == null) {
                metadata = send(issuer + "/.well-known/openid-configuration", "");
                keys = send(text(metadata, "jwks_uri"), "");
            }
            var code = callback.getMultiValueQueryStringParameters().get("code").getFirst();
            var tokens = send(text(metadata, "token_endpoint"),
                    "grant_type=authorization_code&code=" + URLEncoder.encode(code, UTF_8) + "&redirect_uri="
                            + URLEncoder.encode(redirectUri, UTF_8) + "&code_verifier=" + VERIFIER);
            return subject(text(tokens, "id_token").split("\\.", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String subject(String[] token) throws GeneralSecurityException {
        var decoder = Base64.getUrlDecoder();
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key(text(JsonNode.parser().parse(decoder.decode(token[0])), "kid")));
        signature.update((token[0] + "." + token[1]).getBytes(US_ASCII));
        var claims = JsonNode.parser().parse(decoder.decode(token[1]));
        if (!signature.verify(decoder.decode(token[2])) || !text(claims, "iss").equals(issuer)
                || !text(claims, "aud").equals(client) || Instant.now()
                        .isAfter(Instant.ofEpochSecond(Long.parseLong(claims.field("exp").orElseThrow().asNumber())))) {
            throw new GeneralSecurityException("not a token for us");
        }
        return text(claims, "sub");
    }

    private PublicKey key(String id) throws GeneralSecurityException {
        for (var key : keys.field("keys").orElseThrow().asArray()) {
            if (text(key, "kid").equals(id)) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
            }
        }
        throw new GeneralSecurityException("no such key");
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text(key, name)));
    }

    private static String text(JsonNode object, String name) {
        return object.field(name).orElseThrow().asString();
    }

    private JsonNode send(String url, String form) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        if (!form.isEmpty()) {
            connection.setRequestProperty("Authorization", authorization);
            connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
            connection.setDoOutput(true);
            try (var out = connection.getOutputStream()) {
                out.write(form.getBytes(UTF_8));
            }
        }
        try (var in = connection.getInputStream()) {
            return JsonNode.parser().parse(in);
        }
    }
}
