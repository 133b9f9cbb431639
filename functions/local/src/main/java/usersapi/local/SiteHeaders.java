package usersapi.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import usersapi.standin.TemplateSource;

/** The headers that the template's CDN adds to its answers, also if the stack has no CDN. */
final class SiteHeaders {

    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Reads the response headers policy of a template, if it has one. */
    SiteHeaders(Path template) {
        TemplateSource.read(template).section("Resources").values().stream()
                .filter(resource -> "AWS::CloudFront::ResponseHeadersPolicy".equals(resource.get("Type")))
                .forEach(policy -> read(map(map(policy, "Properties"), "ResponseHeadersPolicyConfig")));
    }

    /** Leaves out HSTS, which a server must not send over plain HTTP (RFC 6797, section 7.2). */
    private void read(Map<?, ?> policy) {
        var security = map(policy, "SecurityHeadersConfig");
        put("Content-Security-Policy", map(security, "ContentSecurityPolicy").get("ContentSecurityPolicy"));
        put("Referrer-Policy", map(security, "ReferrerPolicy").get("ReferrerPolicy"));
        if (security.containsKey("ContentTypeOptions")) {
            put("X-Content-Type-Options", "nosniff");
        }
        for (var item : (List<?>) map(policy, "CustomHeadersConfig").get("Items")) {
            var header = (Map<?, ?>) item;
            put(header.get("Header").toString(), header.get("Value"));
        }
    }

    private void put(String name, Object value) {
        values.put(name, List.of(value.toString()));
    }

    private static Map<?, ?> map(Map<?, ?> parent, String name) {
        return (Map<?, ?>) parent.get(name);
    }

    /** The answer with these headers; headers of the same names stay as they are. */
    Answer on(Answer answer) {
        var headers = new TreeMap<>(values);
        headers.putAll(answer.headers());
        return new Answer(answer.status(), headers, answer.body());
    }
}
