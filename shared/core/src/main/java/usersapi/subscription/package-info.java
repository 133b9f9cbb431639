/** The billing data in users' profiles: customers, attempts to check out, subscriptions. It does not call Stripe. */
package usersapi.subscription;
