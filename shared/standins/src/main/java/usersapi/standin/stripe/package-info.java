/**
 * A stand-in for Stripe: the part of its API that the billing functions call, with the behaviour that Stripe documents.
 * {@code docs/decisions/stripe-stand-in.md} lists what it models and the page that says so.
 */
package usersapi.standin.stripe;
