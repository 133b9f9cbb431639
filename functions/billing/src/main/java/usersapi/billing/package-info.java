/** The functions that call Stripe: checkout, portal, webhook, reconciliation, and the deletion of users. */
package usersapi.billing;
