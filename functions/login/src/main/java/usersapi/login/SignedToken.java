package usersapi.login;

import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * A signed JWT in its compact form (RFC 7515, section 3.1), whose signature nobody has checked yet. It is read by the
 * project's parser, because the library's own loads 150 classes.
 *
 * @param header the header
 * @param payload the claims, encoded
 * @param input what is signed
 * @param signature the signature; empty in an unsigned token
 */
record SignedToken(JsonObject header, String payload, String input, Base64URL signature) {

    private static final int PARTS = 3;

    /** Reads a token; empty if it does not have this form. */
    static Optional<SignedToken> parse(String text) {
        var parts = text.split("\\.", -1);
        return parts.length == PARTS
                ? json(parts[0]).map(header -> new SignedToken(header, parts[1], parts[0] + "." + parts[1],
                        new Base64URL(parts[2])))
                : Optional.empty();
    }

    /** The claims; empty if they are not a JSON object. */
    Optional<JsonObject> claims() {
        return json(payload);
    }

    private static Optional<JsonObject> json(String part) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
            return JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var object)
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "SignedToken[redacted]";
    }
}
