package usersapi.login;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;

/**
 * The address of the browser after a sign-in: a path of this site, with query and fragment.
 *
 * @param value encoded for a {@code Location}
 */
record NextPath(String value) {

    static final NextPath HOME = new NextPath("/");

    private static final int MAX_CHARACTERS = 2_000;
    private static final int MAX_DECODINGS = 10;

    /**
     * Reads a request's parameter. A value that any reading could take for something other than a page of this site becomes
     * the home page.
     *
     * @param given the values of the parameter, percent-decoded as a parameter
     */
    static NextPath of(List<String> given) {
        if (given.size() != 1 || !given.getFirst().startsWith("/") || !isText(given.getFirst())) {
            return HOME;
        }
        var ascii = ascii(given.getFirst());
        return ascii.length() <= MAX_CHARACTERS && isPage(path(ascii)) ? new NextPath(ascii) : HOME;
    }

    /** Whether there is no control character. Browsers drop some of them, so that {@code /\t/host} is another site. */
    private static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    /** Percent-encodes the characters that a {@code Location} cannot have, as a browser does. */
    private static String ascii(String text) {
        var ascii = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ') {
                ascii.append((char) octet);
            } else {
                ascii.append('%').append("%02X".formatted(octet));
            }
        }
        return ascii.toString();
    }

    private static String path(String address) {
        for (int i = 0; i < address.length(); i++) {
            if (address.charAt(i) == '?' || address.charAt(i) == '#') {
                return address.substring(0, i);
            }
        }
        return address;
    }

    /** Whether the path is one of the site, and not of the API, after any number of decodings. */
    private static boolean isPage(String path) {
        var decoded = path;
        for (int i = 0; i < MAX_DECODINGS; i++) {
            if (decoded.contains("\\") || !isText(decoded) || leadsElsewhere(decoded)) {
                return false;
            }
            var next = decoded(decoded);
            if (next.equals(decoded)) {
                return true;
            }
            decoded = next;
        }
        return false;
    }

    /** Decodes as a browser does: an invalid escape stays, and the others are decoded. */
    private static String decoded(String path) {
        var octets = new ByteArrayOutputStream();
        var encoded = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%' && i + 2 < encoded.length && HexFormat.isHexDigit(encoded[i + 1])
                    && HexFormat.isHexDigit(encoded[i + 2])) {
                octets.write(HexFormat.fromHexDigit(encoded[i + 1]) << 4 | HexFormat.fromHexDigit(encoded[i + 2]));
                i += 2;
            } else {
                octets.write(encoded[i]);
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    /** Whether the path without its dot segments (RFC 3986, section 5.2.4) is one of the API, or names another host. */
    private static boolean leadsElsewhere(String path) {
        var segments = new ArrayDeque<String>();
        for (var segment : path.substring(1).split("/", -1)) {
            switch (segment) {
                case "." -> {
                }
                case ".." -> segments.pollLast();
                default -> segments.add(segment);
            }
        }
        var first = segments.isEmpty() ? "" : segments.getFirst();
        // After an empty segment the next one is a host.
        return first.equals("api") || (first.isEmpty() && segments.size() > 1);
    }
}
