package usersapi.user;

import java.util.Optional;
import usersapi.credential.OpaqueToken;
import usersapi.token.TokenCipher;

/**
 * A user of the product.
 *
 * @param id the external id: opaque, never changes, safe to log
 * @param email the address as it was first given
 * @param tz an IANA time zone identifier, if the user chose one
 * @param encryptedToken the access token as {@code TokenCipher} wrote it; empty only where an operator removed it
 */
public record User(String id, String email, Optional<String> tz, Optional<String> encryptedToken) {

    /** The user's access token, decrypted. */
    public Optional<OpaqueToken> accessToken(TokenCipher cipher) {
        return encryptedToken.map(encrypted -> cipher.decrypt(id, encrypted));
    }

    /** The id only: the e-mail address never reaches a log. */
    @Override
    public String toString() {
        return "User[" + id + "]";
    }
}
