package usersapi.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import usersapi.standin.TemplateSource;

/** The headers that the template's CDN puts on what it serves, whether or not the stack has a CDN. */
final class SiteHeaders {

    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Reads the response headers policy of a template; one without has no such headers. */
    SiteHeaders(Path template) {
        TemplateSource.read(template).section("Resources").values().stream()
                .filter(resource -> "AWS::CloudFront::ResponseHeadersPolicy".equals(resource.get("Type")))
                .forEach(policy -> read(map(map(policy, "Properties"), "ResponseHeadersPolicyConfig")));
    }

    /** Without HSTS: over plain HTTP a server must not send it (RFC 6797, section 7.2). */
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

    /** The answer with these headers, unless it has others of their names. */
    Answer on(Answer answer) {
        var headers = new TreeMap<>(values);
        headers.putAll(answer.headers());
        return new Answer(answer.status(), headers, answer.body());
    }
}
