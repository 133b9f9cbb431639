package usersapi.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One browser for the tests of a class. A test fails if the console has an error that the test does not expect. */
final class InBrowser implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final String language;
    private Browser browser;

    /** A browser whose user reads this language. */
    InBrowser(String language) {
        this.language = language;
    }

    /** The browser, while a test runs. */
    Browser get() {
        return browser;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        browser = Browser.start(language);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        browser.reset();
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
