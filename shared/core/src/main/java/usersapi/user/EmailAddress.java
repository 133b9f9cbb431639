package usersapi.user;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * A well-formed e-mail address. Whether it receives mail is not checked.
 *
 * <p>Two addresses belong to one user if their canonical forms are equal. The domain's is its lower-case ASCII form (RFC
 * 9598, section 5.5). The local part's is in NFC, and only A to Z fold: Unicode's case mapping makes one address of two
 * mailboxes, and the owner of one would sign in as the other.
 *
 * @param value the address as given, without surrounding blanks
 * @param canonical the canonical form
 */
public record EmailAddress(String value, String canonical) {

    private static final int MAX_OCTETS = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
    private static final int MAX_LOCAL_OCTETS = 64; // section 4.5.3.1.1
    private static final int MAX_DOMAIN_OCTETS = 253; // RFC 1035, section 2.3.4, as text
    private static final int MAX_LABEL_OCTETS = 63;
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~"; // RFC 5322, section 3.2.3, without letters and digits

    private static final Parsed.Invalid NO_ADDRESS = new Parsed.Invalid("email: must be an e-mail address");
    private static final Parsed.Invalid NEEDS_ASCII = new Parsed.Invalid(
            "email: give the domain in its ASCII form (xn--…)");

    /** The outcomes of reading an address. */
    public sealed interface Parsed {

        /** The text is an address. */
        record Valid(EmailAddress address) implements Parsed {}

        /** The text is not an address; {@code reason} says what to correct, and does not quote the text. */
        record Invalid(String reason) implements Parsed {}
    }

    /**
     * Reads one address. Quoted local parts, address literals, comments and domains without a dot are refused: they are
     * legal in some places, but are not a person's address.
     */
    public static Parsed parse(String text) {
        var given = text.strip();
        int at = given.indexOf('@');
        if (at < 0 || given.length() > MAX_OCTETS) {
            return NO_ADDRESS;
        }
        var local = canonicalLocal(given.substring(0, at));
        if (local.isEmpty()) {
            return NO_ADDRESS;
        }
        var domain = new StringBuilder();
        for (var label : given.substring(at + 1).split("\\.", -1)) {
            var ascii = isAscii(label) ? Optional.of(lowerCase(label)) : toAscii(label);
            if (ascii.isEmpty()) {
                return NEEDS_ASCII;
            }
            if (!isLabel(ascii.get())) {
                return NO_ADDRESS;
            }
            domain.append(domain.isEmpty() ? "" : ".").append(ascii.get());
        }
        var canonical = local.get() + "@" + domain;
        return isDeliverable(domain) && octets(canonical) <= MAX_OCTETS
                ? new Parsed.Valid(new EmailAddress(given, canonical))
                : NO_ADDRESS;
    }

    /** Empty if it is not a dot-atom (RFC 5322, section 3.2.3; beyond ASCII RFC 6532, section 3.2). */
    private static Optional<String> canonicalLocal(String given) {
        if (isAscii(given)) {
            return Optional.of(lowerCase(given)).filter(EmailAddress::isDotAtom);
        }
        var composed = Normalizer.normalize(given, Normalizer.Form.NFC);
        if (asciiCharacters(composed) > asciiCharacters(given)) {
            return Optional.empty(); // for example a Kelvin sign: NFC makes it K, which may be another person's
        }
        // NFC again, because a letter with a mark may have a composed form in lower case only.
        return Optional.of(Normalizer.normalize(lowerCase(composed), Normalizer.Form.NFC))
                .filter(EmailAddress::isDotAtom);
    }

    private static boolean isDotAtom(String local) {
        return !local.isEmpty() && !local.startsWith(".") && !local.endsWith(".") && !local.contains("..")
                && octets(local) <= MAX_LOCAL_OCTETS
                && local.codePoints().allMatch(c -> c == '.' || (c < 0x80 ? isAtext(c) : isVisible(c)));
    }

    private static boolean isAtext(int c) {
        return isLetterOrDigit(c) || ATEXT.indexOf(c) >= 0;
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
     * The A-label of a label beyond ASCII. The JDK knows IDNA 2003 only, which turns {@code straße} into {@code strasse},
     * another owner's domain. If its result does not convert back to the given label, the label is refused. (ICU knows IDNA
     * 2008, but is too large for the zip.)
     */
    private static Optional<String> toAscii(String label) {
        var meant = Normalizer.normalize(label, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        try {
            var ascii = IDN.toASCII(label, IDN.USE_STD3_ASCII_RULES);
            return Optional.of(ascii).filter(a -> a.indexOf('.') < 0 && IDN.toUnicode(a).equals(meant));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the lower-case text is a label of a host's name (RFC 1123, section 2.1). */
    private static boolean isLabel(String label) {
        return !label.isEmpty() && label.length() <= MAX_LABEL_OCTETS && !label.startsWith("-") && !label.endsWith("-")
                && label.chars().allMatch(c -> isLetterOrDigit(c) || c == '-');
    }

    /** At least two labels, of which the last is not a number, as in an IP address. */
    private static boolean isDeliverable(CharSequence domain) {
        var name = domain.toString();
        var last = name.substring(name.lastIndexOf('.') + 1);
        return last.length() < name.length() && name.length() <= MAX_DOMAIN_OCTETS
                && !last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isAscii(String text) {
        return asciiCharacters(text) == text.length();
    }

    private static long asciiCharacters(String text) {
        return text.chars().filter(c -> c < 0x80).count();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Converts A to Z to lower case, and no other letters. */
    private static String lowerCase(String text) {
        var folded = new StringBuilder(text);
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
