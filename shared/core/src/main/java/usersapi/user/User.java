package usersapi.user;

import java.util.Optional;
import usersapi.credential.OpaqueToken;
import usersapi.table.Attribute;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;
import usersapi.token.TokenCipher;

/**
 * A user of the product.
 *
 * @param id the external id: opaque, never changes, safe to log
 * @param email the e-mail address
 * @param encryptedToken the access token as {@code TokenCipher} encrypted it; empty only if an operator removed it
 * @param tokenHash the access token's SHA-256
 */
public record User(String id, String email, Optional<String> encryptedToken, Optional<String> tokenHash) {

    /** Its attributes in the user's profile. */
    static final RecordSchema<User> SCHEMA = RecordSchema
            .of(item -> new User(item.get(Attribute.EXTERNAL_ID), item.get(UsersTable.EMAIL),
                    Optional.ofNullable(item.get(UsersTable.TOKEN)),
                    Optional.ofNullable(item.get(UsersTable.TOKEN_HASH))))
            .key(UsersTable.ID, user -> UsersTable.profile(user.id()))
            .with(Attribute.EXTERNAL_ID, User::id).with(UsersTable.EMAIL, User::email)
            .with(UsersTable.TOKEN, user -> user.encryptedToken().orElse(null))
            .with(UsersTable.TOKEN_HASH, user -> user.tokenHash().orElse(null));

    /** The user's access token, decrypted. */
    public Optional<OpaqueToken> accessToken(TokenCipher cipher) {
        return encryptedToken.map(encrypted -> cipher.decrypt(id, tokenHash.orElse(""), encrypted));
    }

    /** The id only: the e-mail address never reaches a log. */
    @Override
    public String toString() {
        return "User[" + id + "]";
    }
}
