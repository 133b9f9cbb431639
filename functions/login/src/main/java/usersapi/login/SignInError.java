package usersapi.login;

import java.util.Locale;

/** The reasons of a failed sign-in or sign-out, as the page gets them: {@code /?error=CODE} (docs/api.md, «Sign in»). */
enum SignInError {
    /** The person declined at the provider. */
    CANCELLED,
    /** Too late, finished already, or begun in another browser. */
    EXPIRED,
    /** The provider does not confirm that the address is this person's, or names none. */
    EMAIL_NOT_VERIFIED,
    /** No account can have this address. */
    EMAIL_NOT_SUPPORTED,
    /** The address belongs to the user of another subject. */
    EMAIL_TAKEN,
    /** The provider gave no usable answer in time. */
    PROVIDER_UNAVAILABLE,
    /** The provider refused this site's request. */
    PROVIDER_REFUSED,
    /** An answer of the provider failed a check. */
    PROVIDER_NOT_TRUSTED,
    /** The person may still be signed in at the provider. */
    SIGN_OUT_INCOMPLETE,
    /** A fault of this function. */
    FAILED;

    /** The code in the address. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
