package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.standin.Template;
import usersapi.testing.Exchange;

/** The frontend's files, served next to the API. */
class SiteTest {

    private static Exchange.Reply get(String path) {
        return Exchange.of(RunningApi.uri(), "GET", path).send();
    }

    @ParameterizedTest
    @CsvSource({"/, text/html; charset=utf-8", "/reference.html, text/html; charset=utf-8",
            "/local/openapi, text/html; charset=utf-8", "/app.css, text/css; charset=utf-8",
            "/csrf-fetch.js, text/javascript; charset=utf-8", "/config.json, application/json",
            "/icon.svg, image/svg+xml"})
    void isServedSoThatABrowserTrustsIt(String path, String type) {
        var reply = get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).contains(type);
        assertThat(reply.header("Cache-Control")).contains("no-cache");
        assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(reply.header("Content-Security-Policy").orElse("")).startsWith("default-src 'none'; ")
                .contains("script-src 'self'", "style-src 'self'", "frame-ancestors 'none'").doesNotContain("unsafe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/reference.html"})
    void hasItsPolicyInThePagesToo(String path) {
        var page = get(path);
        var policy = page.header("Content-Security-Policy").orElseThrow();

        // Without the directives that a page's own policy cannot have.
        assertThat(page.text()).contains("<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">"
                .formatted(policy.replace("frame-ancestors 'none'; ", "")));
        assertThat(page.text()).doesNotContain("<style").doesNotContain(" style=");
        assertThat(Pattern.compile("<script(?![^>]* src=)| on[a-z]+=").matcher(page.text()).find()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app.css", "/settings", "/local/openid/authorize", "/local/health", "/local/nowhere"})
    void hasTheHeadersOfTheTemplatesCdn(String path) {
        var reply = get(path);

        for (var header : new String[]{"Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
                "Permissions-Policy",
                "Referrer-Policy", "X-Content-Type-Options"}) {
            // The functions' answers have the same: see SecurityHeadersTest and ApiResponse.
            assertThat(reply.headers(header)).as(header).isEqualTo(get("/api/users/me/").headers(header)).hasSize(1);
        }
        assertThat(reply.header("Content-Security-Policy").orElse("")).contains("frame-ancestors 'none'");
        // RFC 6797, section 7.2: not over plain HTTP.
        assertThat(reply.header("Strict-Transport-Security")).isEmpty();
    }

    @Test
    void hasTheSamePolicyFromTheTemplatesCdn() throws IOException {
        var template = Files.readString(Template.projectDirectory().resolve("template.yaml")).replaceAll("\\s+", " ");

        assertThat(template).contains(get("/").header("Content-Security-Policy").orElseThrow());
    }

    /** Paths that the CDN's function leads to the page. */
    @ParameterizedTest
    @ValueSource(strings = {"/billing/success", "/billing/cancel", "/billing", "/billing/success?session_id=cs_test_1",
            "/billing/success/", "/settings", "/settings/", "/a/b/c", "/api", "/app.css/", "//etc/passwd"})
    void isTheSinglePageForPathsWithoutExtension(String path) {
        assertThat(get(path).text()).isEqualTo(get("/").text());
    }

    @Test
    void answersGetAndHeadOnly() {
        var head = Exchange.of(RunningApi.uri(), "HEAD", "/app.css").send();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();

        for (var method : new String[]{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            assertThat(Exchange.of(RunningApi.uri(), method, "/app.css").send().status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../template.yaml", "/../site/config.json", "/%2e%2e/template.yaml",
            "/..%2ftemplate.yaml", "/..%5ctemplate.yaml", "//app.css", "/./app.css", "/app.css%00.html",
            "/../../../../../../../../etc/passwd", "/APP.CSS", "/pom.xml", "/favicon.ico"})
    void leadsNowhereElse(String path) {
        var reply = get(path);

        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.header("Content-Type")).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/", "/api/users", "/api/index.html", "/api/users/you/", "/api/../app.css"})
    void neverStandsInTheApisPlace(String path) {
        var reply = get(path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Not Found\"}");
    }

    @Test
    void isSeenUnderOneNameOnly() {
        var byName = URI.create("http://localhost:" + RunningApi.uri().getPort());

        var reply = Exchange.of(byName, "GET", "/billing?a=b").send();

        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.header("Location")).contains(RunningApi.uri() + "/billing?a=b");
    }

    @Test
    void namesTheStandInsWhereADeploymentNamesTheProductsServices() throws IOException {
        var deployed = Files.readString(Template.projectDirectory().resolve("functions/site/config.json"));

        assertThat(deployed).doesNotContain("/local/");
        assertThat(get("/config.json").text()).contains("/api/auth/sign-in/", "/local/files/");
    }

    @Test
    void offersEachPlanThatStripesStandInSells() {
        assertThat(get("/config.json").json().get("plans").fieldNames()).toIterable().containsExactly("free", "pro",
                "team");
    }
}
