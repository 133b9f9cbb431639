package usersapi.login;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks the URLs of a provider, and adds parameters to them. */
final class ProviderUrl {

    private ProviderUrl() {}

    /**
     * Reads a URL of HTTPS, without user information and fragment.
     *
     * @param local whether HTTP is allowed too, on the loopback address only
     */
    static Optional<URI> parse(String text, boolean local) {
        try {
            var url = new URI(text);
            return Optional.of(url).filter(any -> url.getHost() != null && url.getRawUserInfo() == null
                    && url.getRawFragment() == null && (isHttps(url) || (local && isLoopback(url))));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The URL with these parameters after those that it has. */
    static String with(URI url, Map<String, String> parameters) {
        return url + (url.getRawQuery() == null ? "?" : "&") + form(parameters);
    }

    /** Parameters in the form of a query and of a posted form, {@code application/x-www-form-urlencoded}. */
    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream().map(p -> encoded(p.getKey()) + "=" + encoded(p.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** A text as in such a form. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean isHttps(URI url) {
        return "https".equals(url.getScheme());
    }

    /**
     * Decided by the literal address, because the resolution of a name may change, except that of {@code localhost} (RFC
     * 6761, section 6.3).
     */
    private static boolean isLoopback(URI url) {
        var host = url.getHost();
        return "http".equals(url.getScheme()) && (host.equals("localhost") || host.equals("[::1]")
                || host.matches("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}"));
    }
}
