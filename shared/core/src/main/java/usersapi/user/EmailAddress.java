package usersapi.user;

import java.util.Locale;
import java.util.Optional;

/**
 * An e-mail address, plausible in form; only a mail that arrives proves more.
 *
 * @param value the address as given
 */
public record EmailAddress(String value) {

    private static final int MOST_CHARACTERS = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets

    /** The address without surrounding blanks; empty if it cannot be one. */
    public static Optional<EmailAddress> parse(String text) {
        var address = text.strip();
        int at = address.indexOf('@');
        boolean plausible = at > 0 && at == address.lastIndexOf('@') && at < address.length() - 1
                && address.length() <= MOST_CHARACTERS
                && address.codePoints().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c)
                        || Character.getType(c) == Character.SURROGATE);
        return plausible ? Optional.of(new EmailAddress(address)) : Optional.empty();
    }

    /** The form in which two addresses are the same person's. */
    public String lowerCase() {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "EmailAddress[redacted]";
    }
}
