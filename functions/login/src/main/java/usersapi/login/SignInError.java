package usersapi.login;

import java.util.Locale;

/** What came to nothing, as the page is told it: {@code /?error=CODE} (docs/api.md, «Sign in»). */
enum SignInError {
    /** The person declined at the provider. */
    CANCELLED,
    /** Too late, finished already, or begun in another browser. */
    EXPIRED,
    /** The provider does not say that the address is this person's, or names none. */
    EMAIL_NOT_VERIFIED,
    /** No account can have this address. */
    EMAIL_NOT_SUPPORTED,
    /** The address is that of another subject's user. */
    EMAIL_TAKEN,
    /** The provider gave no usable answer in time. */
    PROVIDER_UNAVAILABLE,
    /** The provider refused our request. */
    PROVIDER_REFUSED,
    /** What the provider answered failed a check. */
    PROVIDER_NOT_TRUSTED,
    /** The person may still be signed in at the provider. */
    SIGN_OUT_INCOMPLETE,
    /** Our own fault. */
    FAILED;

    /** The code in the address. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
