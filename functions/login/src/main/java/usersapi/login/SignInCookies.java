package usersapi.login;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usersapi.credential.Cookie;
import usersapi.credential.OpaqueToken;
import usersapi.credential.SetCookie;
import usersapi.token.SignInCipher;

/**
 * Binds a sign-in to the browser that began it, by an encrypted cookie. Each sign-in has its own cookie, named after its
 * state, so that two tabs do not overwrite each other's.
 */
final class SignInCookies {

    /** The maximum of all these cookies together, of the 10,240 bytes that API Gateway allows for headers. */
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
     * Sets the cookie of a sign-in, and clears the oldest others if there are too many, so that the browser's headers do not
     * become too large.
     *
     * @param presented the browser's cookies
     * @return values of Set-Cookie
     */
    List<String> set(PendingSignIn signIn, List<Cookie> presented) {
        var value = cipher.encrypt(context(signIn.state()), signIn.toText().getBytes(StandardCharsets.UTF_8));
        var set = new ArrayList<String>();
        set.add(SetCookie.hidden(nameOf(signIn.state()), value, PendingSignIn.LIFETIME.toSeconds()));
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

    /** The sign-in of this state, if this browser began it. */
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
        return SetCookie.hidden(cookie, "", 0);
    }

    /** The name has the state's hash, because names may appear where values do not. */
    private String nameOf(OpaqueToken state) {
        return name.value() + "-" + state.sha256().substring(0, NAME_DIGITS);
    }

    private static String context(OpaqueToken state) {
        return "sign-in " + state.sha256();
    }
}
