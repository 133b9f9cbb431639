package usersapi.json;

/** Quotes a client's text in an answer to that client. */
public final class Quoted {

    private static final int MAX_CHARACTERS = 40;

    private Quoted() {}

    /**
     * {@code text} in double quotes, at most 40 characters of it, with {@code ?} for characters that are not printable. For
     * example, half a surrogate pair is a legal JSON escape, but cannot be written as UTF-8.
     */
    public static String of(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().limit(MAX_CHARACTERS).forEach(c -> quoted.appendCodePoint(isPrintable(c) ? c : '?'));
        if (text.codePointCount(0, text.length()) > MAX_CHARACTERS) {
            quoted.append('…');
        }
        return quoted.append('"').toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> c != '"' && c != '\\';
        };
    }
}
