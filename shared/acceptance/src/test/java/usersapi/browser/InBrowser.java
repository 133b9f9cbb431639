package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One browser for the tests of a class. A test fails if the console has an error that the test does not expect. */
final class InBrowser implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final String language;
    private final Optional<PretendedApi> open;
    private Browser browser;

    /** A browser whose user reads this language. It is as new for each test. */
    InBrowser(String language) {
        this(language, Optional.empty());
    }

    /** A browser whose user reads this language. All tests use one open page, the settings with these answers. */
    InBrowser(String language, PretendedApi answers) {
        this(language, Optional.of(answers));
    }

    private InBrowser(String language, Optional<PretendedApi> open) {
        this.language = language;
        this.open = open;
    }

    /** The browser, while a test runs. */
    Browser get() {
        return browser;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        browser = Browser.start(language);
        open.ifPresent(answers -> {
            browser.pretend(answers);
            browser.openSettings();
        });
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (open.isEmpty()) {
            browser.reset();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(browser.complaints()).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (browser != null) {
            browser.close();
        }
    }
}
