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
    /** The pause between two checks of a wait. The driver's default of 500 ms would double the duration of these tests. */
    private static final Duration POLLING_INTERVAL = Duration.ofMillis(25);
    /** All pages belong to one site, so one renderer process is enough and saves time. */
    private static final List<String> ONE_RENDERER = List.of("--renderer-process-limit=1",
            "--disable-site-isolation-trials",
            "--disable-features=IsolateOrigins,site-per-process,ProactivelySwapBrowsingInstance");
    private static final String LOADED = "#settings:not(:has(.loading))";
    /** The settings ask for the user, both kinds of tokens, the storage, the time zone, the plan and the sessions. */
    private static final int REQUESTS = 7;
    private static final String AXE = read("/axe.min.js");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final WebDriverWait patience;
    private final List<String> scripts = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        patience = new WebDriverWait(driver, PATIENCE, POLLING_INTERVAL);
        // A check fails while the page is being left, with one of several exceptions.
        patience.ignoring(WebDriverException.class);
    }

    private static String read(String resource) {
        try (var stream = Objects.requireNonNull(Browser.class.getResourceAsStream(resource), resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a browser with an empty profile. The test is skipped if no browser is installed. */
    static Browser start() {
        return start("en-US");
    }

    /** Starts a browser whose user reads this language. */
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

    /** Restores the initial state: nobody is signed in, one tab is open, and all requests go to the running API. */
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

    /** Answers the requests of all pages opened from now on with these answers. */
    void pretend(PretendedApi answers) {
        runFirst(answers.script());
    }

    /** Runs a script in each page opened from now on, before the page's own scripts. */
    void runFirst(String script) {
        scripts.add(driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                .get("identifier").toString());
    }

    /** Changes the answers for the open page. */
    void change(PretendedApi answers) {
        run("Object.assign(answers, %s)".formatted(answers.json()));
    }

    /** Opens another tab and switches to it. */
    void openTab() {
        driver.switchTo().newWindow(WindowType.TAB);
    }

    /** Switches to the first tab, which becomes visible. */
    void backToFirstTab() {
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
        driver.executeCdpCommand("Page.bringToFront", Map.of());
    }

    /** Hides the page, as another window does, and shows it again. */
    void leaveAndComeBack() {
        leaveAndComeBackTo("");
    }

    /** The same, and runs this script before the page has asked for anything. */
    void leaveAndComeBackTo(String script) {
        run("""
                for (const hidden of [true, false]) {
                  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
                  document.dispatchEvent(new Event("visibilitychange"));
                }
                """ + script);
    }

    /** Hides the settings and shows them again, and waits until each card shows something of these answers. */
    void comeBack(PretendedApi answers) {
        run("answers = %s; requests.length = 0".formatted(answers.json()));
        leaveAndComeBack();
        awaitThat("requests.length >= %d && !document.querySelector('[aria-busy=true]')".formatted(REQUESTS));
    }

    /** Waits until the script's expression is true. */
    void awaitThat(String expression) {
        patience.until(any -> Boolean.TRUE.equals(driver.executeScript("return Boolean(%s)".formatted(expression))));
    }

    /** Focuses the element that matches this selector. */
    void focus(String selector) {
        run("document.querySelector(\"%s\").focus()".formatted(selector));
    }

    /** Types into the focused element. */
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** The text of the element that matches this selector, visible or not. */
    String text(String selector) {
        return String.valueOf(run("return document.querySelector(\"%s\").innerText".formatted(selector)));
    }

    /** Goes back in the history. */
    void back() {
        driver.navigate().back();
    }

    /** Opens the settings and waits until each card shows something. */
    void openSettings() {
        open("/");
        shown(LOADED);
    }

    /** Opens a page of the site. */
    void open(String path) {
        driver.get(RunningApi.uri() + path);
    }

    /** Opens any address. */
    void open(URI page) {
        driver.get(page.toString());
    }

    /** The address of the open page. */
    String address() {
        return driver.getCurrentUrl();
    }

    /** The path of the open page. */
    String path() {
        return driver.getCurrentUrl().substring(RunningApi.uri().toString().length());
    }

    /** Waits for a visible element that matches this selector. */
    WebElement shown(String selector) {
        return patience.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)));
    }

    /** Whether a visible element matches this selector. */
    boolean isShown(String selector) {
        return Boolean.TRUE.equals(run("""
                return [...document.querySelectorAll("%s")].some((each) => each.checkVisibility({
                    opacityProperty: true, visibilityProperty: true }))""".formatted(selector)));
    }

    void click(String selector) {
        patience.until(ExpectedConditions.elementToBeClickable(By.cssSelector(selector))).click();
    }

    /** Waits until the text of the element that matches this selector contains this text. */
    void await(String selector, String text) {
        patience.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
    }

    /** The focused element. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    String cookie(String name) {
        return Objects.requireNonNull(driver.manage().getCookieNamed(name), name).getValue();
    }

    /** Sets the cookies of this session, as a sign-in in another tab does. */
    void signIn(SignedIn user) {
        driver.executeCdpCommand("Network.setCookie", Map.of("name", "sessionid", "value", user.session(), "url",
                RunningApi.uri().toString(), "path", "/", "httpOnly", true));
        cookie("csrftoken", user.csrf(), "/");
    }

    /** Sets a cookie for this path. */
    void cookie(String name, String value, String path) {
        driver.executeCdpCommand("Network.setCookie",
                Map.of("name", name, "value", value, "url", RunningApi.uri().toString(), "path", path));
    }

    /** Blocks requests for this file of the site. */
    void blocking(String path) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of("*" + path)));
    }

    /** Deletes all cookies, so that the page has no session. */
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

    /** Emulates a user who prefers {@code light} or {@code dark}, perhaps forced colors, and no motion, so that pictures are stable. */
    void media(String scheme, boolean isForced) {
        media(scheme, isForced, false);
    }

    /** Emulates the same for a user who perhaps accepts motion. */
    void media(String scheme, boolean isForced, boolean isMoving) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
                        Map.of("name", "forced-colors", "value", isForced ? "active" : "none"),
                        Map.of("name", "prefers-reduced-motion", "value", isMoving ? "no-preference" : "reduce"))));
    }

    /** Saves a screenshot of the whole page as {@code target/screenshots/NAME.png}. */
    void keepPicture(String name) {
        try {
            Files.createDirectories(SCREENSHOTS);
            var picture = driver.executeCdpCommand("Page.captureScreenshot",
                    Map.of("captureBeyondViewport", true, "optimizeForSpeed", true));
            Files.write(SCREENSHOTS.resolve(name + ".png"),
                    Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The violations that axe-core finds, by rule and element. */
    List<String> accessibilityViolations() {
        if (run("return typeof axe").equals("undefined")) {
            run(AXE);
        }
        var found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run({ resultTypes: ['violations'], preload: false }).then(
                    ({violations}) => done(violations.flatMap(({id, nodes}) =>
                        nodes.map(({html, failureSummary}) => `${id}: ${html} ${failureSummary}`)).join("\\0")),
                    (error) => done(`axe-core failed: ${error}`));""");
        return Arrays.stream(String.valueOf(found).split("\0", -1)).filter(line -> !line.isEmpty()).toList();
    }

    /**
     * The warnings and errors in the console since the last call, and the rejections that the page did not handle. It leaves out
     * the browser's line on a 401 of the API: that is how a page learns that nobody is signed in.
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
