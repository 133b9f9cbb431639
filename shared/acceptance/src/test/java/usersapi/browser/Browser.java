package usersapi.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
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
import usersapi.system.SignedIn;

/** A headless Chromium on the running API's site. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The driver's own is half a second, which was most of these tests' time. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);
    /** The pages are of one site, so that a process for each one would only cost time. */
    private static final List<String> ONE_RENDERER = List.of("--renderer-process-limit=1",
            "--disable-site-isolation-trials",
            "--disable-features=IsolateOrigins,site-per-process,ProactivelySwapBrowsingInstance");
    private static final String LOADED = "#settings:not(:has(.loading))";
    private static final String AXE = read("/axe.min.js");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final WebDriverWait patience;
    private final List<String> scripts = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        patience = new WebDriverWait(driver, PATIENCE, BETWEEN_LOOKS);
        // A look at a page that is just being left fails, by one of several exceptions.
        patience.ignoring(WebDriverException.class);
    }

    private static String read(String resource) {
        try (var stream = Objects.requireNonNull(Browser.class.getResourceAsStream(resource), resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one with an empty profile; where there is none to start, the test is skipped. */
    static Browser start() {
        return start("en-US");
    }

    /** Starts one whose person reads this language. */
    static Browser start(String language) {
        var chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), "no chromium and chromedriver on the PATH");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        var options = new ChromeOptions().setBinary(chromium.get().browser().toFile())
                .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                        "--lang=" + language, "--hide-scrollbars")
                .addArguments(ONE_RENDERER);
        options.setCapability("goog:loggingPrefs", logs);
        System.setProperty(ChromeDriverService.CHROME_DRIVER_EXE_PROPERTY, chromium.get().driver().toString());
        var driver = new ChromeDriver(ChromeDriverService.createDefaultService(), options,
                ClientConfig.defaultConfig().readTimeout(PATIENCE));
        driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
        var browser = new Browser(driver);
        browser.reset();
        return browser;
    }

    /** Makes it as it was at the start: nobody signed in, one tab, all requests to the running API. */
    void reset() {
        var tabs = List.copyOf(driver.getWindowHandles());
        tabs.stream().skip(1).forEach(tab -> driver.switchTo().window(tab).close());
        driver.switchTo().window(tabs.getFirst());
        driver.get("about:blank");
        scripts.forEach(script -> driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument",
                Map.of("identifier", script)));
        scripts.clear();
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of()));
        size(1280, 900);
        media("light", false);
        complaints();
        pretend(PretendedApi.none());
    }

    /** Gives the pages that are opened from now on these answers of the API. */
    void pretend(PretendedApi answers) {
        runFirst(answers.script());
    }

    /** Runs a script in each page that is opened from now on, before the page's own. */
    void runFirst(String script) {
        scripts.add(driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                .get("identifier").toString());
    }

    /** Changes the answers for the page that is open. */
    void change(PretendedApi answers) {
        run("Object.assign(answers, %s)".formatted(answers.json()));
    }

    /** Opens another tab and goes on there. */
    void openTab() {
        driver.switchTo().newWindow(WindowType.TAB);
    }

    /** Goes on in the first tab, which becomes visible. */
    void backToFirstTab() {
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
        driver.executeCdpCommand("Page.bringToFront", Map.of());
    }

    /** Leaves the page for another window, and comes back to it. */
    void leaveAndComeBack() {
        run("""
                for (const hidden of [true, false]) {
                  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
                  document.dispatchEvent(new Event("visibilitychange"));
                }""");
    }

    /** Waits until the script's expression is true. */
    void awaitThat(String expression) {
        patience.until(any -> Boolean.TRUE.equals(driver.executeScript("return Boolean(%s)".formatted(expression))));
    }

    /** Gives the element of this selector the focus. */
    void focus(String selector) {
        run("document.querySelector(\"%s\").focus()".formatted(selector));
    }

    /** Types into what has the focus. */
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** The text of the element of this selector, seen or not. */
    String text(String selector) {
        return String.valueOf(run("return document.querySelector(\"%s\").innerText".formatted(selector)));
    }

    /** Goes back in the history. */
    void back() {
        driver.navigate().back();
    }

    /** Goes to the settings, and waits until all cards show something. */
    void openSettings() {
        open("/");
        shown(LOADED);
    }

    /** Goes to a page of the site. */
    void open(String path) {
        driver.get(RunningApi.uri() + path);
    }

    /** Goes to a page, be it of the running API or not. */
    void open(URI page) {
        driver.get(page.toString());
    }

    /** Where the browser is. */
    String address() {
        return driver.getCurrentUrl();
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
        return Boolean.TRUE.equals(run("""
                return [...document.querySelectorAll("%s")].some((each) => each.checkVisibility({
                    opacityProperty: true, visibilityProperty: true }))""".formatted(selector)));
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

    /** Has this session from now on, as if it had been opened in another tab. */
    void signIn(SignedIn user) {
        driver.executeCdpCommand("Network.setCookie", Map.of("name", "sessionid", "value", user.session(), "url",
                RunningApi.uri().toString(), "path", "/", "httpOnly", true));
        cookie("csrftoken", user.csrf(), "/");
    }

    /** Has a cookie for this path from now on. */
    void cookie(String name, String value, String path) {
        driver.executeCdpCommand("Network.setCookie",
                Map.of("name", name, "value", value, "url", RunningApi.uri().toString(), "path", path));
    }

    /** Cannot get this file of the site any more. */
    void blocking(String path) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of("*" + path)));
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

    /** Pretends that its person prefers {@code light} or {@code dark}, perhaps forced colors, and no motion: pictures are alike. */
    void media(String scheme, boolean isForced) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
                        Map.of("name", "forced-colors", "value", isForced ? "active" : "none"),
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
        if (run("return typeof axe").equals("undefined")) {
            run(AXE);
        }
        var found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(
                    ({violations}) => done(violations.flatMap(({id, nodes}) =>
                        nodes.map(({html, failureSummary}) => `${id}: ${html} ${failureSummary}`)).join("\\0")),
                    (error) => done(`axe-core failed: ${error}`));""");
        return Arrays.stream(String.valueOf(found).split("\0", -1)).filter(line -> !line.isEmpty()).toList();
    }

    /**
     * What it complained about since it was last asked, and what the page did not handle; but for its own line on a 401 of the
     * API, which is how a page learns that nobody is signed in.
     */
    List<String> complaints() {
        var logged = driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage)
                .filter(message -> !(message.contains("/api/") && message.contains("status of 401")));
        var unhandled = String.valueOf(run("return (window.unhandled ?? []).splice(0).join('\\n')")).lines();
        return Stream.concat(logged, unhandled).toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
