package usersapi.system;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds credentials in a text: in clear, or in hex, base64 or percent-encoding, by their characters or by the bytes that
 * these encode. In base64 the form of a secret depends on its offset in the encoded text; all three forms are found.
 */
public final class CredentialDetector {

    /** A secret is longer, in each of its forms. */
    private static final int KEY = 12;

    /** A form of a credential and its description; in lower case, because a hit in another case counts too. */
    private record Form(String text, String meaning) {}

    /** The forms by their first characters, so that one pass over a long text finds all of them. */
    private final Map<String, List<Form>> forms = new HashMap<>();

    /** Watches for this credential from now on, and for the bytes that it encodes. */
    public void watch(String name, String credential) {
        var characters = credential.getBytes(StandardCharsets.UTF_8);
        add(credential, name + " in clear");
        add(percent(characters), name + " percent-encoded");
        watch(name + "'s characters", characters);
        bytes(credential).ifPresent(bytes -> watch(name + "'s bytes", bytes));
    }

    /** The description of a credential in the text; empty if there is none. */
    public Optional<String> find(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        for (int at = 0; at + KEY <= lower.length(); at++) {
            for (var form : forms.getOrDefault(lower.substring(at, at + KEY), List.of())) {
                if (lower.startsWith(form.text, at)) {
                    return Optional.of(form.meaning);
                }
            }
        }
        return Optional.empty();
    }

    /** The description of a credential in the bytes; empty if there is none. */
    public Optional<String> find(byte[] bytes) {
        return find(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private void watch(String name, byte[] secret) {
        add(new String(secret, StandardCharsets.ISO_8859_1), name + " as they are");
        add(HexFormat.of().formatHex(secret), name + " in hex");
        for (int offset = 0; offset < 3; offset++) {
            var shifted = new byte[offset + secret.length];
            System.arraycopy(secret, 0, shifted, offset, secret.length);
            // Only the letters that depend on the secret alone.
            int from = (offset * 8 + 5) / 6;
            int to = shifted.length * 8 / 6;
            add(Base64.getEncoder().encodeToString(shifted).substring(from, to), name + " in base64");
            add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to), name + " in base64url");
        }
    }

    private void add(String form, String meaning) {
        var text = form.toLowerCase(Locale.ROOT);
        forms.computeIfAbsent(text.substring(0, KEY), key -> new ArrayList<>()).add(new Form(text, meaning));
    }

    private static String percent(byte[] bytes) {
        return "%" + String.join("%", Arrays.asList(HexFormat.ofDelimiter(" ").formatHex(bytes).split(" ")));
    }

    private static Optional<byte[]> bytes(String credential) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(credential));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
