package usersapi.system;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The bytes of a request. Its texts may have placeholders such as <code>{jane.session}</code>, which are replaced when it is
 * sent. So a seed gives the same requests in every run, and a report shows no credential.
 *
 * @param target path and query
 * @param body in ISO 8859-1, one character for each byte; without placeholders
 */
record RawRequest(String method, String target, List<Header> headers, String body) {

    /** A line of the head. */
    record Header(String name, String value) {

        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }

        @Override
        public String toString() {
            return name + ": " + value;
        }
    }

    RawRequest withMethod(String other) {
        return new RawRequest(other, target, headers, body);
    }

    RawRequest withTarget(String other) {
        return new RawRequest(method, other, headers, body);
    }

    /** With this body, in UTF-8. */
    RawRequest withText(String text) {
        return withBytes(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    RawRequest withBytes(String bytes) {
        return new RawRequest(method, target, headers, bytes);
    }

    RawRequest without(String... names) {
        return new RawRequest(method, target,
                headers.stream().filter(header -> List.of(names).stream().noneMatch(header::is)).toList(), body);
    }

    /** With one more header, even if there is one with this name. */
    RawRequest and(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new RawRequest(method, target, List.copyOf(more), body);
    }

    /** With this as the only header of the name. */
    RawRequest with(String name, String value) {
        return without(name).and(name, value);
    }

    List<String> values(String name) {
        return headers.stream().filter(header -> header.is(name)).map(Header::value).toList();
    }

    /** With the placeholders of the head filled in. */
    RawRequest filledIn(UnaryOperator<String> filling) {
        return new RawRequest(method, filling.apply(target), headers.stream()
                .map(header -> new Header(header.name, filling.apply(header.value))).toList(), body);
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(latin("%s %s HTTP/1.1\r\n".formatted(method, target)));
        headers.forEach(header -> out.writeBytes(latin(header + "\r\n")));
        if (!body.isEmpty() || !method.equals("GET")) {
            out.writeBytes(latin("Content-Length: %d\r\n".formatted(body.length())));
        }
        out.writeBytes(latin("\r\n" + body));
        return out.toByteArray();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "%n%s %s %s %s".formatted(method, target, headers, body);
    }
}
