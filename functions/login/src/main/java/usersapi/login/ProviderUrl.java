package usersapi.login;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The URLs at which a provider may be asked. */
final class ProviderUrl {

    private ProviderUrl() {}

    /**
     * Reads a URL of HTTPS, without user information and fragment.
     *
     * @param local whether HTTP will do, too, on the loopback address and nowhere else
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

    /** By the literal alone: what a name resolves to may change, but for {@code localhost} (RFC 6761, section 6.3). */
    private static boolean isLoopback(URI url) {
        var host = url.getHost();
        return "http".equals(url.getScheme()) && (host.equals("localhost") || host.equals("[::1]")
                || host.matches("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}"));
    }
}
