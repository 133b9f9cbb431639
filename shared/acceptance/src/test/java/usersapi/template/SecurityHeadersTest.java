package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.testing.LocalTables;
import usersapi.standin.Template;
import usersapi.standin.TemplateSource;

/**
 * The headers of answers by API Gateway and the CDN. {@code EndpointTest} checks that a function's answer has the same ones.
 */
class SecurityHeadersTest {

    private static final Map<String, Template.GatewayResponse> RESPONSES = Template
            .read(LocalTables.PARAMETERS, id -> id).api().gatewayResponses();

    /** The headers of every answer. */
    private static final Map<String, String> EVERYWHERE = Map.of( //
            "Cross-Origin-Opener-Policy", "same-origin", //
            "Cross-Origin-Resource-Policy", "same-origin", //
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()", //
            "Referrer-Policy", "same-origin", //
            "Strict-Transport-Security", "max-age=63072000", //
            "X-Content-Type-Options", "nosniff");

    static Set<String> types() {
        return RESPONSES.keySet();
    }

    @ParameterizedTest
    @MethodSource("types")
    void areThoseOfEveryAnswerOfApiGateway(String type) {
        var headers = new TreeMap<>(RESPONSES.get(type).headers());
        // Headers of one type only.
        headers.keySet().removeAll(Set.of("Retry-After", "WWW-Authenticate"));

        assertThat(headers).containsAllEntriesOf(EVERYWHERE).containsAllEntriesOf(Map.of( //
                "Access-Control-Allow-Credentials", "true", //
                "Access-Control-Allow-Origin", "https://app.example.com", //
                "Access-Control-Expose-Headers", "Retry-After, x-amzn-RequestId", //
                "Cache-Control", "no-store", //
                "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'", //
                "Vary", "Origin")).hasSize(EVERYWHERE.size() + 6);
    }

    /** RFC 9110, section 15.5.2. */
    @Test
    void say401WithAChallenge() {
        assertThat(RESPONSES.values()).filteredOn(response -> response.status().equals(Optional.of(401)))
                .isNotEmpty().allSatisfy(
                        response -> assertThat(response.headers()).containsEntry("WWW-Authenticate", "Bearer"));
    }

    @Test
    void sayWhenToTryAgain() {
        assertThat(RESPONSES.get("THROTTLED").headers()).containsKey("Retry-After");
    }

    @Test
    void areThoseOfTheCdnToo() {
        var policy = map(TemplateSource.read().section("Resources").get("SiteHeaders").get("Properties"),
                "ResponseHeadersPolicyConfig");
        var security = map(policy, "SecurityHeadersConfig");
        var headers = list(map(policy, "CustomHeadersConfig"), "Items").stream().map(item -> (Map<?, ?>) item)
                .collect(Collectors.toMap(item -> item.get("Header").toString(), item -> item.get("Value").toString()));
        headers.put("Referrer-Policy", map(security, "ReferrerPolicy").get("ReferrerPolicy").toString());
        headers.put("Strict-Transport-Security",
                "max-age=" + map(security, "StrictTransportSecurity").get("AccessControlMaxAgeSec"));
        headers.put("X-Content-Type-Options", security.containsKey("ContentTypeOptions") ? "nosniff" : "");

        assertThat(headers).isEqualTo(EVERYWHERE);
        assertThat(map(security, "ContentSecurityPolicy").get("ContentSecurityPolicy").toString())
                .contains("default-src 'none'", "frame-ancestors 'none'");
    }

    /** By default CloudFront would cache an error for ten seconds. */
    @Test
    void noErrorIsKeptByTheCdn() {
        var distribution = map(TemplateSource.read().section("Resources").get("Cdn").get("Properties"),
                "DistributionConfig");

        // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
        assertThat(list(distribution, "CustomErrorResponses")).isEqualTo(
                List.of(400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504).stream()
                        .map(status -> Map.of("ErrorCode", status, "ErrorCachingMinTTL", 0)).toList());
    }

    private static Map<?, ?> map(Object parent, String name) {
        return (Map<?, ?>) ((Map<?, ?>) parent).get(name);
    }

    private static List<?> list(Object parent, String name) {
        return (List<?>) ((Map<?, ?>) parent).get(name);
    }
}
