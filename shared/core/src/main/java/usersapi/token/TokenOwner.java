package usersapi.token;

import usersapi.table.Attribute;
import usersapi.table.CredentialsTable;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.RecordSchema;

/**
 * The owner of an access token. The token is valid while this item exists.
 *
 * @param key {@link CredentialsTable#accessToken}
 * @param userId external id of the owner
 */
public record TokenOwner(ItemKey key, String userId) {

    /** Its attributes in the table. */
    public static final RecordSchema<TokenOwner> SCHEMA = RecordSchema
            .of(item -> new TokenOwner(
                    new ItemKey(item.get(CredentialsTable.LOOKUP), item.get(CredentialsTable.CREDENTIAL)),
                    item.get(Attribute.EXTERNAL_ID)))
            .key(CredentialsTable.LOOKUP, owner -> owner.key().lookup())
            .key(CredentialsTable.CREDENTIAL, owner -> owner.key().credential())
            .with(Attribute.EXTERNAL_ID, TokenOwner::userId);

    /** The item of the token with this SHA-256. */
    public static TokenOwner of(String sha256, String userId) {
        return new TokenOwner(CredentialsTable.accessToken(sha256), userId);
    }
}
