package usersapi.credential;

/**
 * A value of {@code Set-Cookie}, for the whole host, over TLS only (RFC 6265, section 4.1). {@code Lax}, because a browser must
 * send the cookie when it comes back from the OpenID provider's site or from Stripe.
 */
public final class SetCookie {

    private SetCookie() {}

    /**
     * Sets a cookie that no script can read.
     *
     * @param maxAgeSeconds how long the browser keeps it; 0 makes it forget the cookie
     */
    public static String hidden(String name, String value, long maxAgeSeconds) {
        return readable(name, value, maxAgeSeconds) + "; HttpOnly";
    }

    /**
     * Sets a cookie that scripts of this host can read.
     *
     * @param maxAgeSeconds how long the browser keeps it; 0 makes it forget the cookie
     */
    public static String readable(String name, String value, long maxAgeSeconds) {
        return name + "=" + value + "; Path=/; Max-Age=" + maxAgeSeconds + "; Secure; SameSite=Lax";
    }
}
