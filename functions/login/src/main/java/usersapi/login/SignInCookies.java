package usersapi.login;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usersapi.credential.Cookie;
import usersapi.credential.OpaqueToken;
import usersapi.token.SignInCipher;

/**
 * Binds a sign-in to the browser that began it, by a cookie in which nothing can be read or changed. Each sign-in has a cookie
 * of its own, named after its state, so that two tabs do not take each other's away.
 */
final class SignInCookies {

    /** What all of them together may take of the 10,240 bytes that API Gateway allows for headers. */
    private static final int MAX_CHARACTERS = 4_000;
    private static final int NAME_DIGITS = 16;

    private final SignInCookieName name;
    private final SignInCipher cipher;

    @Inject
    SignInCookies(SignInCookieName name, SignInCipher cipher) {
        this.name = name;
        this.cipher = cipher;
    }

    /**
     * Sets the cookie of a sign-in, and clears the others where they are too many: a browser that begins and begins must not
     * end up with headers that nobody takes.
     *
     * @param presented what the browser has
     * @return values of Set-Cookie
     */
    List<String> set(PendingSignIn signIn, List<Cookie> presented) {
        var value = cipher.encrypt(context(signIn.state()), signIn.toText().getBytes(StandardCharsets.UTF_8));
        var set = new ArrayList<String>();
        set.add(cookie(nameOf(signIn.state()), value, PendingSignIn.LIFETIME.toSeconds()));
        var others = presented.stream().filter(cookie -> cookie.name().startsWith(name.value() + "-")).toList();
        int characters = value.length() + others.stream().mapToInt(cookie -> cookie.value().length()).sum();
        // A browser presents the older ones first (RFC 6265, section 5.4).
        for (var other : others) {
            if (characters <= MAX_CHARACTERS) {
                break;
            }
            characters -= other.value().length();
            set.add(clear(other.name()));
        }
        return set;
    }

    /** The sign-in of this state, if it is this browser's. */
    Optional<PendingSignIn> find(OpaqueToken state, List<Cookie> presented) {
        return presented.stream().filter(cookie -> cookie.name().equals(nameOf(state)))
                .flatMap(cookie -> cipher.decrypt(context(state), cookie.value()).stream())
                .flatMap(clear -> PendingSignIn.of(state, new String(clear, StandardCharsets.UTF_8)).stream())
                .findFirst();
    }

    /** Clears the cookie of the sign-in of this state. */
    String clear(OpaqueToken state) {
        return clear(nameOf(state));
    }

    private static String clear(String cookie) {
        return cookie(cookie, "", 0);
    }

    /** By the state's hash: what a cookie is called may show where its value does not. */
    private String nameOf(OpaqueToken state) {
        return name.value() + "-" + state.sha256().substring(0, NAME_DIGITS);
    }

    private static String context(OpaqueToken state) {
        return "sign-in " + state.sha256();
    }

    /** Lax: the browser comes back from the provider's site. */
    private static String cookie(String name, String value, long maxAgeSeconds) {
        return "%s=%s; Path=/; Max-Age=%d; Secure; SameSite=Lax; HttpOnly".formatted(name, value, maxAgeSeconds);
    }
}
