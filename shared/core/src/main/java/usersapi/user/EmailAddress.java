package usersapi.user;

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
                && address.codePoints().allMatch(EmailAddress::isVisible);
        return plausible ? Optional.of(new EmailAddress(address)) : Optional.empty();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    /**
     * The form in which two addresses are the same person's. Only A to Z fold: Unicode's rules make one address of two
     * mailboxes, a Kelvin sign of a k, and whoever has the one would be signed in as the other.
     */
    public String lowerCase() {
        var folded = new StringBuilder(value);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return folded.toString();
    }

    @Override
    public String toString() {
        return "EmailAddress[redacted]";
    }
}
