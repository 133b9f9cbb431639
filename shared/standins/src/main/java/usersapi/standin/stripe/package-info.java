/**
 * A stand-in for Stripe: the part of its API that the billing functions call, with the behaviour that Stripe documents.
 * {@code docs/decisions/stripe-stand-in.md} lists the modelled behaviour with its sources.
 */
package usersapi.standin.stripe;
