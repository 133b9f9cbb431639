package usersapi.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/settings", "/a/b/", "/a?b=c&d=e", "/a#b", "/?x=1#y", "/a//b", "/a/../b",
            "/a?u=https://x.example",
            "/a?u=//x.example", "/a#//x.example", "/a%20b", "/a%2Fb", "/apis", "/api-docs/", "/docs/api/", "/API/",
            "/100%", "/a%2", "/a%2x",
            "/a?b={\"c\"}", "/a;b=c", "/@x", "/a?back=\\x", "/a?api=/api/", "/~x", "/%F0%9F%98%80", "/a+b?c+d", "/..x/",
            "/a:b"})
    void aPathOfThisSiteIsKeptToTheLetter(String next) {
        assertThat(NextPath.of(List.of(next)).value()).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({"/a b, /a%20b", "/café, /caf%C3%A9", "/?q=ü&r=s t, /?q=%C3%BC&r=s%20t", "/😀, /%F0%9F%98%80"})
    void charactersThatNoHeaderCanHaveAreEncoded(String next, String location) {
        assertThat(NextPath.of(List.of(next)).value()).isEqualTo(location);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "https://evil.example", "HTTPS://evil.example", "//evil.example",
            "///evil.example",
            "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
            "/\r\nSet-Cookie: a=b",
            "\t//evil.example", " //evil.example", "/%2F/evil.example", "/%2Fevil.example", "/%5Cevil.example",
            "/%5cevil.example",
            "/%252Fevil.example", "/%09/evil.example", "/%0d%0aSet-Cookie:%20a=b", "/%00", "/.//evil.example",
            "/x/..//evil.example",
            "/%2e%2F/evil.example", "/%2e//evil.example", "/a\\..\\..\\evil", "javascript:alert(1)", "data:text/html,x",
            "http:evil.example", "/\u0000", "/\u007f", "/\u0085", "?x", "#x", ".", "..", "./a", "../a", "evil.example/",
            "@evil.example",
            "/\uD800"})
    void aPathThatMayBeAnotherSiteBecomesTheHomePage(String next) {
        assertThat(NextPath.of(List.of(next)).value()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/", "/api/users/me/", "/api?x", "/api#x", "/api/auth/sign-in/?next=/",
            "/./api/", "/x/../api/",
            "/x/y/../../api/a", "/../api/", "/%61pi/", "/%2561pi/", "/a%70i/users", "/%2e/api/", "/x/%2e%2e/api/",
            "/x/%2E./api/",
            "/%zz/%2e%2e/api/", "/api%2Fusers", "/api%2fusers"})
    void thePathsOfTheApiBecomeTheHomePage(String next) {
        assertThat(NextPath.of(List.of(next)).value()).isEqualTo("/");
    }

    @Test
    void atMost2000CharactersAreKept() {
        var longest = "/" + "x".repeat(1_999);

        assertThat(NextPath.of(List.of(longest)).value()).isEqualTo(longest);
        assertThat(NextPath.of(List.of(longest + "x")).value()).isEqualTo("/");
        assertThat(NextPath.of(List.of("/?" + "x".repeat(1_999))).value()).isEqualTo("/");
    }

    @Test
    void noneAndSeveralBecomeTheHomePage() {
        assertThat(NextPath.of(List.of()).value()).isEqualTo("/");
        assertThat(NextPath.of(List.of("/a", "/b")).value()).isEqualTo("/");
    }

    @Test
    void anEndlesslyEncodedPathBecomesTheHomePage() {
        assertThat(NextPath.of(List.of("/%" + "25".repeat(50) + "61")).value()).isEqualTo("/");
    }

    @Test
    void aPathEncodedAsOftenAsIsCheckedIsKept() {
        var path = "/%" + "25".repeat(8) + "61";

        assertThat(NextPath.of(List.of(path)).value()).isEqualTo(path);
        assertThat(NextPath.of(List.of(path.replace("61", "2561"))).value()).isEqualTo("/");
    }
}
