package usersapi.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import usersapi.system.RunningApi;

/** A headless Chromium on the running API's site. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final WebDriverWait patience;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        patience = new WebDriverWait(driver, PATIENCE);
    }

    /** Starts one with an empty profile; where there is none to start, the test is skipped. */
    static Browser start() {
        var chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), "no chromium and chromedriver on the PATH");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        var options = new ChromeOptions().setBinary(chromium.get().browser().toFile()).addArguments("--headless=new",
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en-US", "--hide-scrollbars");
        options.setCapability("goog:loggingPrefs", logs);
        System.setProperty(ChromeDriverService.CHROME_DRIVER_EXE_PROPERTY, chromium.get().driver().toString());
        var driver = new ChromeDriver(ChromeDriverService.createDefaultService(), options,
                ClientConfig.defaultConfig().readTimeout(PATIENCE));
        driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
        var browser = new Browser(driver);
        browser.size(1280, 900);
        return browser;
    }

    /** Goes to a page of the site. */
    void open(String path) {
        driver.get(RunningApi.uri() + path);
    }

    /** The path that the browser is at. */
    String path() {
        return driver.getCurrentUrl().substring(RunningApi.uri().toString().length());
    }

    /** The element of this selector, once it can be seen. */
    WebElement shown(String selector) {
        return patience.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)));
    }

    /** Whether the element of this selector is there to be seen. */
    boolean isShown(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
    }

    void click(String selector) {
        patience.until(ExpectedConditions.elementToBeClickable(By.cssSelector(selector))).click();
    }

    /** Waits until the element of this selector says this, among other things. */
    void await(String selector, String text) {
        patience.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
    }

    /** The element that has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    String cookie(String name) {
        return Objects.requireNonNull(driver.manage().getCookieNamed(name), name).getValue();
    }

    /** Forgets the session, as if it had ended elsewhere. */
    void dropCookies() {
        driver.manage().deleteAllCookies();
    }

    /** What the script returns. */
    Object run(String script) {
        return driver.executeScript(script);
    }

    void size(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Pretends that its person prefers {@code light} or {@code dark}, and no motion: pictures are then all alike. */
    void prefer(String scheme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
                        Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Keeps a picture of the whole page as {@code target/screenshots/NAME.png}. */
    void keepPicture(String name) {
        try {
            Files.createDirectories(SCREENSHOTS);
            var picture = driver.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
            Files.write(SCREENSHOTS.resolve(name + ".png"),
                    Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What axe-core finds wrong with the page, by rule and element. */
    List<String> accessibilityViolations() {
        try (var axe = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(
                    ({violations}) => done(violations.flatMap(({id, nodes}) =>
                        nodes.map(({html, failureSummary}) => `${id}: ${html} ${failureSummary}`)).join("\\0")),
                    (error) => done(`axe-core failed: ${error}`));""");
        return Arrays.stream(String.valueOf(found).split("\0", -1)).filter(line -> !line.isEmpty()).toList();
    }

    /** What it complained about since it was last asked, but for requests that were refused: those a page answers. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage)
                .filter(message -> !message.contains("Failed to load resource")).toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
