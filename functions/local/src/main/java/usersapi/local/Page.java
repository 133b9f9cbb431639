package usersapi.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A stand-in's page for a person: a form without script, in the site's style. */
final class Page {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private Page() {}

    /**
     * A page.
     *
     * @param name the resource {@code NAME.html} of this package, which is put into {@code layout.html}
     * @param values text for each {@code {{place}}} in it
     */
    static Answer of(int status, String title, String name, Map<String, String> values) {
        var content = filled(name, place -> escaped(Objects.requireNonNull(values.get(place), place)));
        var html = filled("layout", Map.of("title", title, "content", content)::get);
        return new Answer(status, Map.of("Content-Type", List.of("text/html; charset=utf-8"), "Cache-Control",
                List.of("no-store"), "Content-Security-Policy", List.of(CONTENT_SECURITY_POLICY)),
                Answer.bytes(html));
    }

    /** The stylesheet of these pages, in addition to the site's. */
    static Answer style() {
        return new Answer(200, Map.of("Content-Type", List.of("text/css; charset=utf-8"), "Cache-Control",
                List.of("no-cache")), Answer.bytes(resource("stand-ins.css")));
    }

    private static String filled(String name, UnaryOperator<String> values) {
        return PLACE.matcher(resource(name + ".html"))
                .replaceAll(place -> Matcher.quoteReplacement(values.apply(place.group(1))));
    }

    private static String resource(String name) {
        try (var stream = Page.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
