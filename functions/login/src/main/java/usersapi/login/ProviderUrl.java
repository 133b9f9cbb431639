package usersapi.login;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Checks the URLs of a provider. */
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
