package usersapi.billing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The header {@code Stripe-Signature} of a webhook's request, {@code t=seconds,v1=hex}: v1 is an HMAC-SHA256 over
 * {@code t.body}. There is one v1 for each secret of the endpoint; other schemes are ignored.
 *
 * @param time when Stripe signed, in epoch seconds, as text
 * @param signatures the v1 signatures, in hex
 * @see <a href="https://docs.stripe.com/webhooks#verify-manually">Verify webhook signatures manually</a>
 */
record StripeSignature(String time, List<String> signatures) {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Reads the header; empty if it is not one. */
    static Optional<StripeSignature> parse(String header) {
        String time = null;
        var signatures = new ArrayList<String>();
        for (var element : header.split(",", -1)) {
            var parts = element.strip().split("=", 2);
            if (parts[0].equals("t") && parts.length == 2 && parts[1].matches("[0-9]{1,12}")) {
                time = parts[1];
            } else if (parts[0].equals("v1") && parts.length == 2) {
                signatures.add(parts[1]);
            }
        }
        return time == null || signatures.isEmpty()
                ? Optional.empty()
                : Optional.of(new StripeSignature(time, List.copyOf(signatures)));
    }

    /** Whether the signature is recent; an old one may be a replay. */
    boolean isFresh(Instant now) {
        return Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now).abs().compareTo(TOLERANCE) <= 0;
    }

    /** Whether one of these secrets signed the body; compared in constant time. */
    boolean isOf(byte[] body, Collection<String> secrets) {
        boolean valid = false;
        for (var secret : secrets) {
            var expected = hmac(secret, body);
            for (var signature : signatures) {
                valid |= MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
            }
        }
        return valid;
    }

    private byte[] hmac(String secret, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((time + ".").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body)).getBytes(StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
