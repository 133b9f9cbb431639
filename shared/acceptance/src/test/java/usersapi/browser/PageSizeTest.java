package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.system.RunningApi;
import usersapi.system.SignedIn;
import usersapi.testing.Exchange;

/** The size of all that the settings page loads at first. */
class PageSizeTest {

    private static final int MAX_BYTES = 60_000;

    @RegisterExtension
    static final InBrowser BROWSER = new InBrowser("en-US");

    @Test
    void isSmallWithoutTheApisAnswers() {
        BROWSER.get().signIn(SignedIn.as("page-size@example.com"));
        BROWSER.get().openSettings();
        BROWSER.get().awaitThat(
                "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/config.json'))");
        var loaded = BROWSER.get()
                .run("return performance.getEntriesByType('resource').map(({ name }) => name).join(' ')").toString();

        var paths = Stream.concat(Stream.of("/", "/icon.svg"),
                Arrays.stream(loaded.split(" ", -1)).map(address -> URI.create(address).getPath())).distinct()
                .filter(path -> !path.startsWith("/api/")).toList();

        assertThat(paths).contains("/app.css", "/page.js", "/sessions.js", "/config.json");
        assertThat(paths.stream()
                .mapToInt(path -> Exchange.of(RunningApi.uri(), "GET", path).send().response().body().length).sum())
                .isLessThanOrEqualTo(MAX_BYTES);
    }
}
