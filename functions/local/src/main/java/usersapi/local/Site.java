package usersapi.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * The frontend's static files, served as by the CDN. The set of paths is fixed at start, so no path leads out of the
 * directory; a file's content is read for each request.
 */
final class Site {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONFIG = "/config.json";
    private static final Map<String, String> CONTENT_TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "json", "application/json", "svg",
            "image/svg+xml");

    /** The frontend's paths to which Stripe leads back, by variable, with their members of the configuration. */
    private static final Map<String, String> OWN_PATHS = Map.of("CHECKOUT_SUCCESS_URL", "checkout_success_path",
            "CHECKOUT_CANCEL_URL", "checkout_cancel_path", "PORTAL_RETURN_URL", "portal_return_path");

    private final Map<String, Path> files = new HashMap<>();
    private final Map<String, String> environment;
    private final URI origin;

    /**
     * A site.
     *
     * @param directory its files
     * @param template has the frontend's paths to which Stripe leads back
     * @param origin the frontend's origin, to which pages redirect, because the session's cookies belong to one host
     */
    Site(Path directory, Template template, URI origin) {
        environment = template.environment();
        this.origin = origin;
        try (var found = Files.walk(directory)) {
            found.filter(Files::isRegularFile).forEach(file -> files.put(path(directory.relativize(file)), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        also("/", directory.resolve("index.html"));
        also("/local/openapi.json", directory.resolve("openapi.json"));
        also("/local/openapi", directory.resolve("reference.html"));
        files.values().forEach(Site::contentType);
    }

    private void also(String path, Path file) {
        if (files.containsValue(file)) {
            files.put(path, file);
        }
    }

    private static String path(Path relative) {
        return "/" + relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }

    private Optional<String> ownPath(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .map(url -> URI.create(url.replaceAll("[{}]", "_")).getRawPath());
    }

    private static String contentType(Path file) {
        var name = file.getFileName().toString();
        return Optional.ofNullable(CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1))).orElseThrow(
                () -> new UnsupportedTemplateException("functions/site: no content type is known for " + name));
    }

    /** All paths of the site. */
    Set<String> paths() {
        return files.keySet();
    }

    /** The file at the path, for GET and HEAD. */
    Optional<Answer> answer(Call call) {
        return file(call, call.path());
    }

    /** The single page, for a path without an extension, as the CDN's function serves it. */
    Optional<Answer> page(Call call) {
        return call.path().lastIndexOf('.') <= call.path().lastIndexOf('/') ? file(call, "/") : Optional.empty();
    }

    private Optional<Answer> file(Call call, String path) {
        return call.method().equals("GET") || call.method().equals("HEAD")
                ? Optional.ofNullable(files.get(path)).map(file -> answer(call, file))
                : Optional.empty();
    }

    private Answer answer(Call call, Path file) {
        var isPage = file.toString().endsWith(".html");
        if (isPage && call.header("Host").equals(Optional.of("localhost:" + origin.getPort()))) {
            var query = call.query().map(text -> "?" + text).orElse("");
            return Answer.seeOther(origin + call.path() + query);
        }
        try {
            var body = call.path().equals(CONFIG)
                    ? config(file)
                    : file.endsWith("openapi.json") ? description(file) : Files.readAllBytes(file);
            return new Answer(200, Map.of("Content-Type", List.of(contentType(file)), "Cache-Control",
                    List.of("no-cache")), ByteBuffer.wrap(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The API's description with the local names of the cookies. */
    private byte[] description(Path file) throws IOException {
        return Files.readString(file).replace("__Host-sessionid", environment.get("SESSION_COOKIE"))
                .replace("__Host-csrftoken", environment.get("CSRF_COOKIE")).getBytes(StandardCharsets.UTF_8);
    }

    /** The site's configuration, with the stand-ins in place of the product's other services. */
    private byte[] config(Path file) throws IOException {
        var config = JSON.readValue(file.toFile(), ObjectNode.class).put("sign_in_url", StandIns.SIGN_IN)
                .put("files_url", FileService.PREFIX)
                .put("csrf_cookie", environment.get("CSRF_COOKIE"));
        OWN_PATHS.forEach((name, member) -> ownPath(name).ifPresent(path -> config.put(member, path)));
        return config.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }
}
