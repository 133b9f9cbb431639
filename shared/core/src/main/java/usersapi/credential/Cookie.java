package usersapi.credential;

import java.util.List;
import java.util.stream.Stream;

/**
 * A cookie as a browser presents it.
 *
 * @param value without the double quotes around it, if there are any
 */
public record Cookie(String name, String value) {

    /** The cookies of these Cookie headers, in their order (RFC 6265, section 4.2.1). */
    public static List<Cookie> all(List<String> headers) {
        return headers.stream().flatMap(header -> Stream.of(header.split(";", -1))).map(String::strip)
                .filter(pair -> pair.indexOf('=') > 0).map(Cookie::of).toList();
    }

    private static Cookie of(String pair) {
        int equals = pair.indexOf('=');
        var value = pair.substring(equals + 1).strip();
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return new Cookie(pair.substring(0, equals), isQuoted ? value.substring(1, value.length() - 1) : value);
    }

    /** The name only: the value may be a credential. */
    @Override
    public String toString() {
        return "Cookie[" + name + "]";
    }
}
