package usersapi.user;

import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import usersapi.table.Attribute;
import usersapi.table.RecordSchema;
import usersapi.table.UsersTable;

/**
 * Says which user something unique belongs to, so that it belongs to one only.
 *
 * @param id what is claimed, as {@link UsersTable#emailClaim}
 * @param userId external id of the owner
 */
record Claim(String id, String userId) {

    /** Its attributes in the table. */
    static final TableSchema<Claim> SCHEMA = RecordSchema
            .of(Claim.class, item -> new Claim(item.get(UsersTable.ID), item.get(Attribute.EXTERNAL_ID)))
            .partitionKey(UsersTable.ID, Claim::id).with(Attribute.EXTERNAL_ID, Claim::userId).build();

    static Claim of(EmailAddress email, String userId) {
        return new Claim(UsersTable.emailClaim(email.canonical()), userId);
    }
}
