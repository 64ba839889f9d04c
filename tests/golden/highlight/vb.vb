' A shop's till.
Option Strict On
Imports System.Collections.Generic

Namespace Shop
    Public Class Till
        Inherits Machine
        Private ReadOnly _items As New List(Of String)
        Private Const Limit As Integer = 100
        Public Event Sold(ByVal name As String)

        Public Sub New(ByVal first As String)
            _items.Add(first)
        End Sub

        Public Function Total(prices() As Double) As Double
            Dim sum As Double = 0.0
            For Each price As Double In prices
                If price > Limit AndAlso Not price = 1.5 Then
                    Continue For
                ElseIf price < 0 Then
                    Throw New Exception("no ""price""")
                Else
                    sum += price
                End If
            Next
            Return sum
        End Function

        Public Property Name As String
            Get
                Return "till"
            End Get
            Set(value As String)
                _items(0) = value
            End Set
        End Property
    End Class

    Module Program
        Sub Main()
            Dim till = New Till("a")
            Dim on As Boolean = True
            Dim mask As Integer = &HFF
            Select Case mask
                Case 1 To 5
                    Console.WriteLine("low")
                Case Else
                    Console.WriteLine("high" & mask)
            End Select
            Try
                till.Total({1.0, 2.0})
            Catch ex As Exception
                Console.WriteLine(ex.Message)
            Finally
                till = Nothing
            End Try
        End Sub
    End Module
End Namespace
