package usersapi.lambda;

import java.util.Optional;
import usersapi.json.JsonObject;

/**
 * The caller as the authorizer identified it. The authorizer passes these values as its context, and the functions read them
 * from the event.
 *
 * @param userId the user's external id
 * @param kind the kind of the presented credential
 * @param csrfVerified whether {@code X-CSRFToken} held the CSRF token of this session; false for a bearer token
 * @param readOnly whether the credential is limited to reading
 * @param credentialId the credential's id in the user's list; the default token is in no list and has none
 */
public record Principal(String userId, Kind kind, boolean csrfVerified, boolean readOnly,
        Optional<String> credentialId) {

    /** The kinds of credential. */
    public enum Kind {
        /** An access token in the Authorization header. */
        BEARER,
        /** A session's cookie. */
        SESSION
    }

    /** The context of an authorizer's answer; API Gateway passes every value on as a string. */
    public JsonObject toContext() {
        var context = new JsonObject().put("credential", kind.name()).put("csrfVerified",
                Boolean.toString(csrfVerified));
        if (readOnly) {
            context.put("readOnly", "true");
        }
        credentialId.ifPresent(id -> context.put("credentialId", id));
        return context;
    }

    /** Reads {@code requestContext.authorizer}; empty unless it is complete. */
    static Optional<Principal> of(JsonObject authorizer) {
        var kind = switch (authorizer.string("credential").orElse("")) {
            case "BEARER" -> Kind.BEARER;
            case "SESSION" -> Kind.SESSION;
            default -> null;
        };
        return authorizer.string("principalId").filter(id -> kind != null && !id.isEmpty())
                .map(id -> new Principal(id, kind,
                        authorizer.string("csrfVerified").filter("true"::equals).isPresent(),
                        authorizer.string("readOnly").filter(value -> !value.equals("false")).isPresent(),
                        authorizer.string("credentialId").filter(credential -> !credential.isEmpty())));
    }
}
