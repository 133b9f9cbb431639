package usersapi.credential;

import java.util.List;
import java.util.Optional;

/** The one credential of a request that counts. */
public sealed interface Credential {

    /** An access token from {@code Authorization: Bearer} (RFC 6750, section 2.1). */
    record Bearer(OpaqueToken token) implements Credential {}

    /** The id of a session from the session cookie. */
    record SessionCookie(OpaqueToken id) implements Credential {}

    /** No credential, or a malformed one. */
    record None() implements Credential {}

    /**
     * Picks the credential. If there is an {@code Authorization} header, only that counts, so that the sender of a wrong
     * token learns of it in spite of a cookie. A repeated header is refused. Cookies of that name which cannot be a
     * session's id are ignored, because other software on the host may use the name too. Two different ids are refused,
     * because a sibling domain can add a cookie of the same name.
     *
     * @param authorization the values of the Authorization headers
     * @param cookies the values of the Cookie headers
     * @param cookieName the session cookie's name
     */
    static Credential of(List<String> authorization, List<String> cookies, String cookieName) {
        if (!authorization.isEmpty()) {
            return authorization.size() > 1
                    ? new None()
                    : bearer(authorization.getFirst().strip()).<Credential>map(Bearer::new).orElseGet(None::new);
        }
        var ids = sessionIds(cookies, cookieName);
        return ids.size() == 1 ? new SessionCookie(ids.getFirst()) : new None();
    }

    /** The different values of the session cookie that can be a session's id; more than one sign nobody in. */
    static List<OpaqueToken> sessionIds(List<String> cookies, String cookieName) {
        return Cookie.all(cookies).stream().filter(cookie -> cookie.name().equals(cookieName))
                .flatMap(cookie -> OpaqueToken.parse(cookie.value()).stream()).distinct().toList();
    }

    private static Optional<OpaqueToken> bearer(String authorization) {
        int space = authorization.indexOf(' ');
        return space >= 0 && authorization.substring(0, space).equalsIgnoreCase("Bearer")
                ? OpaqueToken.parse(authorization.substring(space).strip())
                : Optional.empty();
    }
}
