package usersapi.browser;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The system's Chromium and the driver that WebDriver needs.
 *
 * @param browser the browser's program
 * @param driver the program {@code chromedriver} of the same version
 */
record Chromium(Path browser, Path driver) {

    private static final List<String> PACKAGES = List.of("chromium", "chromium-driver", "fonts-inter");
    private static final int MAX_SECONDS = 60;

    /** Installs Chromium from the system's packages if it is missing, or prints one line if it cannot. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (find().isPresent()) {
            return;
        }
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get")) || !"root".equals(System.getProperty("user.name"))) {
            skipped("no chromium and chromedriver on the PATH");
            return;
        }
        // What takes long or waits for a network only fetches, so it can be stopped at any time.
        var done = run("update") && run("--download-only", "install") && run("--no-download", "install");
        if (!done || find().isEmpty()) {
            skipped("chromium could not be installed");
        }
    }

    private static void skipped(String reason) {
        System.out.printf("[WARNING] The browser tests are skipped: %s; `apt-get install %s` gives them one%n", reason,
                String.join(" ", PACKAGES));
    }

    private static boolean run(String... arguments) throws IOException, InterruptedException {
        var command = Stream.of(Stream.of("apt-get", "-qq", "-y", "--no-install-recommends", "-o",
                "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10", "-o", "DPkg::Lock::Timeout=10"),
                Arrays.stream(arguments),
                arguments[arguments.length - 1].equals("install") ? PACKAGES.stream() : Stream.<String>empty())
                .flatMap(part -> part).toList();
        var builder = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        var process = builder.start();
        if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            return false;
        }
        return process.exitValue() == 0;
    }

    /** The installed Chromium, if there is one. */
    static Optional<Chromium> find() {
        return program("chromium", "chromium-browser", "google-chrome")
                .flatMap(browser -> program("chromedriver").map(driver -> new Chromium(browser, driver)));
    }

    private static Optional<Path> program(String... names) {
        // CHROMEWEBDRIVER: where GitHub's runners have it.
        var path = "%s%s%s".formatted(System.getenv().getOrDefault("PATH", ""), File.pathSeparator,
                System.getenv().getOrDefault("CHROMEWEBDRIVER", ""));
        return Arrays.stream(names).flatMap(name -> Arrays.stream(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable).findFirst();
    }
}
