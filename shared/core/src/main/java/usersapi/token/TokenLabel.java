package usersapi.token;

import java.util.regex.Pattern;

/** The name that a user gives a token. */
final class TokenLabel {

    private static final int MAX_CHARACTERS = 100;

    /** White space by Unicode's property; {@link String#strip} would leave a no-break space. */
    private static final Pattern AROUND = Pattern.compile("^\\p{IsWhite_Space}+|\\p{IsWhite_Space}+$");

    /**
     * Controls; the bidirectional controls of Unicode Standard Annex 9, section 2, which can make a text look like another;
     * and halves of a surrogate pair, which UTF-8 cannot encode.
     */
    private static final Pattern REFUSED = Pattern
            .compile("[\\p{Cc}\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    /**
     * A letter, digit, punctuation mark or symbol, except those that show nothing: the Hangul fillers, which Unicode lists as
     * default-ignorable, the braille pattern without dots and the empty note head. A mark alone has nothing to stand on.
     */
    private static final Pattern VISIBLE = Pattern
            .compile("[\\p{L}\\p{N}\\p{P}\\p{S}&&[^\\u115F\\u1160\\u3164\\uFFA0\\u2800\\x{1D159}]]");

    private TokenLabel() {}

    /** The outcomes of reading a label. */
    sealed interface Parsed {

        /** The label, without white space around it. */
        record Valid(String label) implements Parsed {}

        /** The label is invalid; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads a label; its length counts Unicode's code points. */
    static Parsed parse(String text) {
        var label = AROUND.matcher(text).replaceAll("");
        if (REFUSED.matcher(label).find()) {
            return new Parsed.Invalid("label: must not contain control characters or bidirectional controls");
        }
        int characters = label.codePointCount(0, label.length());
        if (characters < 1 || characters > MAX_CHARACTERS) {
            return new Parsed.Invalid("label: must have 1 to %d characters".formatted(MAX_CHARACTERS));
        }
        return VISIBLE.matcher(label).find()
                ? new Parsed.Valid(label)
                : new Parsed.Invalid("label: must have a visible character");
    }
}
