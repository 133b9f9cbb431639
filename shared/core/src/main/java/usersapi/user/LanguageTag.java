package usersapi.user;

import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Language tags, for example {@code de-CH}: well-formed by RFC 5646, section 2.1, and not truncated by
 * {@link Locale#forLanguageTag}. Whether a subtag is registered is not checked.
 */
final class LanguageTag {

    private static final int MAX_CHARACTERS = 35; // RFC 5646, section 4.4.1

    /** The tags that have no structure; the list is closed. */
    private static final Pattern GRANDFATHERED = Pattern.compile("""
            art-lojban|cel-gaulish|en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
            |no-(?:bok|nyn)|sgn-(?:be-fr|be-nl|ch-de)|zh-(?:guoyu|hakka|min|min-nan|xiang)
            """, Pattern.CASE_INSENSITIVE | Pattern.COMMENTS);

    /** Only one extended language subtag, because Java drops a second (section 2.2.2 reserves it for good). */
    private static final Pattern WELL_FORMED = Pattern.compile("""
            (?: [a-z]{2,3} (?<extlang>-[a-z]{3})? | [a-z]{4,8} )  # language
            (?: -[a-z]{4} )?                                      # script
            (?: -[a-z]{2} | -[0-9]{3} )?                          # region
            (?: -[a-z0-9]{5,8} | -[0-9][a-z0-9]{3} )*             # variants
            (?: -[0-9a-wy-z] (?: -[a-z0-9]{2,8} )+ )*             # extensions
            (?: -x (?: -[a-z0-9]{1,8} )+ )?                       # private use
            | x (?: -[a-z0-9]{1,8} )+                             # private use alone
            """, Pattern.CASE_INSENSITIVE | Pattern.COMMENTS);

    private LanguageTag() {}

    /** The tag in its canonical case; empty for {@code und}, which names no language, and for an invalid tag. */
    static Optional<String> parse(String text) {
        return text.length() <= MAX_CHARACTERS && !text.equalsIgnoreCase("und")
                && (GRANDFATHERED.matcher(text).matches() || isWellFormedAndKept(text))
                        ? Optional.of(canonicalCase(text))
                        : Optional.empty();
    }

    /**
     * Java drops a repeated extension, keyword or attribute; such a tag is refused. That it replaces an extended language is
     * by design.
     */
    private static boolean isWellFormedAndKept(String text) {
        var tag = WELL_FORMED.matcher(text);
        return tag.matches() && subtags(Locale.forLanguageTag(text).toLanguageTag())
                + (tag.group("extlang") == null ? 0 : 1) >= subtags(text);
    }

    private static long subtags(String tag) {
        return tag.chars().filter(c -> c == '-').count() + 1;
    }

    /** Section 2.1.1: {@code az-Latn-AZ}, and lower case for what comes first or after a single letter or digit. */
    private static String canonicalCase(String text) {
        var tag = new StringJoiner("-");
        boolean afterSingleton = false;
        for (var subtag : text.toLowerCase(Locale.ROOT).split("-", -1)) {
            boolean isPlain = tag.length() == 0 || afterSingleton;
            tag.add(switch (isPlain ? 0 : subtag.length()) {
                case 2 -> subtag.toUpperCase(Locale.ROOT);
                case 4 -> subtag.substring(0, 1).toUpperCase(Locale.ROOT) + subtag.substring(1);
                default -> subtag;
            });
            afterSingleton |= subtag.length() == 1;
        }
        return tag.toString();
    }
}
